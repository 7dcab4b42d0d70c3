/** Constants in static memory: V8 builds a splat of a literal anew in every loop, and loads one for nothing. */

/** Number `index` of a table made by `memory.data<f32>`, in all lanes. */
// @ts-ignore: decorator
@inline
export function constant(table: usize, index: i32): v128 {
  return v128.load32_splat(table + (<usize>index << 2));
}
