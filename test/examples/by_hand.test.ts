import { expect, it } from "vitest";
import type { Tensor } from "../../src/tensor";
import { page } from "./page";

/** float32 against double precision, over ten steps. */
const ROUNDING = 1e-6;

const { exports } = await page<{ byHand: number[][]; byLayer: Tensor; difference: number }>("by_hand");

it("equals the loop of the documents", () => {
  expect(exports.byLayer.shape).toEqual([1, 10, 8]);
  expect(exports.byHand.flat().some((v) => Math.abs(v) > 0.5)).toBe(true);
  expect(exports.difference).toBeLessThan(ROUNDING);
});
