/** Monotonic time of this process. */
import { performance } from "node:perf_hooks";
import type { Clock } from "../core/ports.ts";

export const clock: Clock = { now: () => performance.now() };
