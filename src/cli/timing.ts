/** How long a call takes, on this machine and now. */

/** The median of many calls in microseconds: as many are made before to warm up, for half of `seconds`. */
export function microseconds(call: () => void, seconds = 0.4): number {
  const times: number[] = [];
  const until = performance.now() + 1000 * seconds;
  do {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  } while (performance.now() < until);
  const late = times.slice(times.length >> 1).sort((a, b) => a - b);
  return 1000 * (late[late.length >> 1] as number);
}
