/** What figures depend on. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly engine: string;
  readonly version: string;
  /** Short hash, with a plus when sources differ from it. */
  readonly commit: string;
}
export function machine(root?: string): Machine;
