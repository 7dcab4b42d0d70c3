import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/formats/json";
import { Allowance } from "../../src/formats/limits";

const parse = (source: string, limits = {}) => parseJson(source, "config.json", new Allowance(limits));

describe("parseJson", () => {
  it("reads the numbers that only Python writes, outside strings", () => {
    const source = '{"a": [NaN, Infinity, -Infinity], "NaN": "Infinity \\" NaN \\\\"}';
    expect(parse(source)).toEqual({
      a: [null, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      NaN: 'Infinity " NaN \\',
    });
  });

  it("counts brackets outside strings only", () => {
    expect(parse('{"a": "[[[[[["}', { nesting: 1 })).toEqual({ a: "[[[[[[" });
    expect(() => parse("[[1]]", { nesting: 1 })).toThrow("config.json: expected at most 1 levels of nesting, got 2");
  });

  it.each(["", "{", '{"a": nan}', '{"a": "b', '{"a": "\\', "{'a': 1}"])("refuses %j", (source) => {
    expect(() => parse(source)).toThrow("config.json: expected JSON, got");
  });

  it("takes long strings", () => {
    expect(parse(`{"a": "${"x".repeat(5e6)}", "b": NaN}`)).toMatchObject({ b: null });
  });
});
