/** Puts results into a file under a name; what the file has under other names stays. */
export function keep(file: string, name: string, results: object): void;
