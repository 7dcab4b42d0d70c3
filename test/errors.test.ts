/** What does not depend on the names of classes, which minifiers shorten. */
import { expect, it } from "vitest";
import * as errors from "../src/errors";
import { layers } from "../src/index";

const classes = Object.entries(errors).filter(([name]) => /.Error$/.test(name) && name !== "RecurraError");

it.each(classes)("%s is named as its class", (name, Class) => {
  const Shortened = class extends (Class as typeof errors.ConfigError) {};
  expect(classes).toHaveLength(14);
  expect(new Shortened("where", "this", "that").name).toBe(name);
  expect(String(new Shortened("where", "this", "that"))).toBe(`${name}: where: expected this, got that`);
});

it("layers are shown by what they are", () => {
  const { dense } = layers;
  const shortened = Object.create(dense({ units: 1 }), { constructor: { value: class x {} } });
  expect(errors.show(shortened)).toBe("Dense");
  expect(errors.show(new (class Mine {})())).toBe("Mine");
});
