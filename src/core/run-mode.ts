/** What a run may do. */

/** `plan`: the model reads and answers; it is offered no tool that changes anything. */
export const RUN_MODES = ["edit", "plan"] as const;
export type RunMode = (typeof RUN_MODES)[number];

/** Whether the whole suite runs while the model answers. `auto`: unless the answers are computed by this machine's own processor. */
export const BESIDE_MODEL = ["auto", "always", "never"] as const;
export type BesideModel = (typeof BESIDE_MODEL)[number];
