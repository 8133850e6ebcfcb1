/** What is known of each folder: the events of a run or a probe are its own folder's, whatever begins elsewhere meanwhile. */
import { createEmitter, type Emit, type RunEvent } from "../core/events.ts";
import type { Clock } from "../core/ports.ts";
import { EMPTY_TIMELINE, reduce, type Timeline } from "../core/timeline.ts";

export interface FolderEvent {
	/** Absolute path of the folder. */
	readonly root: string;
	readonly event: RunEvent;
}

export class FolderTimelines {
	/** By the folder's path. */
	private readonly timelines = new Map<string, Timeline>();

	/** @param onEvent hears each event once the folder's timeline holds it */
	constructor(
		private readonly clock: Clock,
		private readonly onEvent: (event: FolderEvent) => void,
		private readonly onSinkError: (error: unknown) => void,
	) {}

	of(root: string): Timeline {
		return this.timelines.get(root) ?? EMPTY_TIMELINE;
	}

	take(root: string, event: RunEvent): void {
		this.timelines.set(root, reduce(this.of(root), event));
		this.onEvent({ root, event });
	}

	/** For what is told outside a run. */
	emitterFor(root: string): Emit {
		return createEmitter(this.clock, [(event) => this.take(root, event)], this.onSinkError);
	}
}
