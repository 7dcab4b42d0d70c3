/** Prints the ratios of new medians to old ones. */
export function compare(old: object, now: object, print?: (line: string) => void): boolean;
