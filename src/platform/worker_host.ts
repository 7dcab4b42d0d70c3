/** Workers, the same for all platforms. */

/** A worker as its owner sees it. */
export interface WorkerHandle {
  post(message: unknown): void;
  /** Says whether the process must stay for it. */
  hold(isBusy: boolean): void;
  terminate(): Promise<void>;
}

/** What its owner wants to hear of. */
export interface WorkerEvents {
  message(message: unknown): void;
  /** It will say nothing more. Called at most once, also after `terminate`. */
  died(cause: unknown): void;
}

/** The owner as a worker sees it. */
export interface WorkerHost {
  receive(listener: (message: unknown) => void): void;
  post(message: unknown, transfer: ArrayBuffer[]): void;
}
