/** Parts of the loop that can be left out, each to measure what it is worth (`--set loop.NAME=off`; docs/quality.md). */
import type { Probes } from "./ports.ts";

export interface LoopSwitches {
	/** A round's message begins with what is fixed, new and still failing since the last one. */
	readonly delta: boolean;
	/** The code that the first probe is about is shown before the model asks for it. */
	readonly codeContext: boolean;
	/** `edit_file` is offered beside `write_file`. */
	readonly editTool: boolean;
	/** An answer in words alone, where a file in a block was asked for, is gone on with from the block's first line. */
	readonly continuation: boolean;
	/** A run that is stuck asks in other ways before it ends. */
	readonly escalation: boolean;
	/** An import that goes round moves into the functions that use it, without the model. */
	readonly localImports: boolean;
	/** Imports that a file lacks, or that name the wrong module, are mended without the model where one module alone can be meant. */
	readonly missingImports: boolean;
	/** An answer in vain is followed by the same prompt once more, warmer. */
	readonly resampling: boolean;
	/** From the second attempt on, the code that fails is left out of a prompt about one short file, to be written anew. */
	readonly rewriting: boolean;
	/** A text that does not parse is not written. */
	readonly syntaxGate: boolean;
}

/** Probes that let every text through to the workspace. */
export function withoutSyntaxGate(probes: Probes): Probes {
	return {
		probe: (request, onProgress, signal) => probes.probe(request, onProgress, signal),
		fixLint: (fix, signal) => probes.fixLint(fix, signal),
		checkSyntax: async () => null,
	};
}
