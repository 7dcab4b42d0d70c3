/** The normal distribution, by arithmetic that every engine rounds alike: no function of Math but sqrt. */

const BITS = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

/**
 * ln x of a positive normal number, error below 2e-16 · max(1, |ln x|).
 * x = m·2^e with m in [√½, √2); ln m = 2 artanh s, s = (m − 1)/(m + 1), a series in s² ≤ 0.0295.
 */
export function log(x: number): number {
  BITS.setFloat64(0, x);
  const high = BITS.getUint32(0);
  BITS.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let m = BITS.getFloat64(0);
  let e = (high >>> 20) - 1023;
  if (m > Math.SQRT2) {
    m /= 2;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series = 0;
  for (let k = 23; k > 1; k -= 2) series = (series + 1 / k) * square;
  return e * Math.LN2 + 2 * s * (1 + series);
}

/** Coefficients, lowest power first. */
type Polynomial = readonly [number, number, number, number, number, number, number, number];

/** A rational approximation. */
interface Ratio {
  readonly above: Polynomial;
  readonly below: Polynomial;
}

const CENTRE: Ratio = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
};
const MIDDLE: Ratio = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const TAIL: Ratio = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/**
 * The number below which a standard normal variable lies with probability p in (0, 1), relative error 1e-15.
 * @see Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const x = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(TAIL, r - 5);
  return q < 0 ? -x : x;
}

/** Horner's rule, written out: most of these numbers are drawn by code that is not optimised yet. */
function ratio({ above: a, below: b }: Ratio, x: number): number {
  const above = ((((((a[7] * x + a[6]) * x + a[5]) * x + a[4]) * x + a[3]) * x + a[2]) * x + a[1]) * x + a[0];
  return above / (((((((b[7] * x + b[6]) * x + b[5]) * x + b[4]) * x + b[3]) * x + b[2]) * x + b[1]) * x + b[0]);
}
