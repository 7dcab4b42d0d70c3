/** What the processor can do at most: compiled by bench/compile_roofline.ts for the same two builds as the kernels. */

@inline
function ma(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * `rounds` · 12 · 4 multiply-adds in 12 independent accumulators, without memory: more would not fit the 15 vector
 * registers beside the two operands. The sum is returned so that it is kept.
 */
export function arithmetic(rounds: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a;
  let t0 = b, t1 = b, t2 = b, t3 = b, t4 = b, t5 = b;
  while (rounds > 0) {
    s0 = ma(s0, a, b); s1 = ma(s1, a, b); s2 = ma(s2, a, b); s3 = ma(s3, a, b); s4 = ma(s4, a, b); s5 = ma(s5, a, b);
    t0 = ma(t0, a, b); t1 = ma(t1, a, b); t2 = ma(t2, a, b); t3 = ma(t3, a, b); t4 = ma(t4, a, b); t5 = ma(t5, a, b);
    rounds--;
  }
  const s = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const t = f32x4.add(f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3)), f32x4.add(t4, t5));
  return f32x4.extract_lane(f32x4.add(s, t), 0);
}
