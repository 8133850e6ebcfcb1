/** How a probe's answer was had: by which means, and in which wave. */

/** Lint: by the resident server, or by the command line. */
export type LintForm = "resident" | "command-line";

/**
 * How pytest was had for a run, fastest first.
 * `forked`: a copy of a process that stands ready behind pytest's start-up. `parked`: that process itself.
 * `parked-early`: the same, but before `pytest_configure`. `preloaded`: an interpreter with pytest imported, no more.
 * `spawned`: a new interpreter.
 */
export type WorkerForm = "forked" | "parked" | "parked-early" | "preloaded" | "spawned";

export type ProbeForm = LintForm | WorkerForm;

/** `A`: tests that import a changed file directly. `B`: the rest of what a change can reach. `C`: the whole suite; only this one may say green. */
export type Wave = "A" | "B" | "C";
