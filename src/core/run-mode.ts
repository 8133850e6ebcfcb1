/** What a run may do. */

/** `plan`: the model reads and answers; it is offered no tool that changes anything. */
export const RUN_MODES = ["edit", "plan"] as const;
export type RunMode = (typeof RUN_MODES)[number];
