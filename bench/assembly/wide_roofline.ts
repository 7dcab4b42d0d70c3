/**
 * What the processor can do at most when the engine joins two neighbouring vectors to one of eight floats, which it
 * does for what is stored side by side in the end: compiled by bench/compile_roofline.ts for the wide build.
 */

/** Where sums go, so that they are kept. */
const RESULT: usize = memory.data(384, 32);

/** As in roofline.ts, twice as wide: each round counts double. */
export function arithmetic(rounds: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let s0 = a, t0 = a, s1 = a, t1 = a, s2 = a, t2 = a, s3 = a, t3 = a, s4 = a, t4 = a, s5 = a, t5 = a,
    s6 = b, t6 = b, s7 = b, t7 = b, s8 = b, t8 = b, s9 = b, t9 = b, s10 = b, t10 = b, s11 = b, t11 = b;
  while (rounds > 0) {
    s0 = f32x4.relaxed_madd(a, b, s0); t0 = f32x4.relaxed_madd(a, b, t0);
    s1 = f32x4.relaxed_madd(a, b, s1); t1 = f32x4.relaxed_madd(a, b, t1);
    s2 = f32x4.relaxed_madd(a, b, s2); t2 = f32x4.relaxed_madd(a, b, t2);
    s3 = f32x4.relaxed_madd(a, b, s3); t3 = f32x4.relaxed_madd(a, b, t3);
    s4 = f32x4.relaxed_madd(a, b, s4); t4 = f32x4.relaxed_madd(a, b, t4);
    s5 = f32x4.relaxed_madd(a, b, s5); t5 = f32x4.relaxed_madd(a, b, t5);
    s6 = f32x4.relaxed_madd(a, b, s6); t6 = f32x4.relaxed_madd(a, b, t6);
    s7 = f32x4.relaxed_madd(a, b, s7); t7 = f32x4.relaxed_madd(a, b, t7);
    s8 = f32x4.relaxed_madd(a, b, s8); t8 = f32x4.relaxed_madd(a, b, t8);
    s9 = f32x4.relaxed_madd(a, b, s9); t9 = f32x4.relaxed_madd(a, b, t9);
    s10 = f32x4.relaxed_madd(a, b, s10); t10 = f32x4.relaxed_madd(a, b, t10);
    s11 = f32x4.relaxed_madd(a, b, s11); t11 = f32x4.relaxed_madd(a, b, t11);
    rounds -= 2;
  }
  v128.store(RESULT, s0, 0); v128.store(RESULT, t0, 16);
  v128.store(RESULT, s1, 32); v128.store(RESULT, t1, 48);
  v128.store(RESULT, s2, 64); v128.store(RESULT, t2, 80);
  v128.store(RESULT, s3, 96); v128.store(RESULT, t3, 112);
  v128.store(RESULT, s4, 128); v128.store(RESULT, t4, 144);
  v128.store(RESULT, s5, 160); v128.store(RESULT, t5, 176);
  v128.store(RESULT, s6, 192); v128.store(RESULT, t6, 208);
  v128.store(RESULT, s7, 224); v128.store(RESULT, t7, 240);
  v128.store(RESULT, s8, 256); v128.store(RESULT, t8, 272);
  v128.store(RESULT, s9, 288); v128.store(RESULT, t9, 304);
  v128.store(RESULT, s10, 320); v128.store(RESULT, t10, 336);
  v128.store(RESULT, s11, 352); v128.store(RESULT, t11, 368);
  return load<f32>(RESULT);
}
