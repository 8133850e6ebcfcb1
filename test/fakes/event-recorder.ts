/** A sink that keeps what it saw, for assertions on sequences. */
import type { RunEvent } from "../../src/core/events.ts";

export interface EventRecorder {
	readonly sink: (event: RunEvent) => void;
	readonly events: readonly RunEvent[];
	/** Types in their order, without the model's deltas. */
	types(): readonly RunEvent["type"][];
	of<T extends RunEvent["type"]>(type: T): readonly Extract<RunEvent, { readonly type: T }>[];
}

export function createEventRecorder(): EventRecorder {
	const events: RunEvent[] = [];
	return {
		sink: (event) => {
			events.push(event);
		},
		events,
		types: () => events.map(({ type }) => type).filter((type) => type !== "model-delta"),
		of: <T extends RunEvent["type"]>(type: T) =>
			events.filter((event): event is Extract<RunEvent, { readonly type: T }> => event.type === type),
	};
}
