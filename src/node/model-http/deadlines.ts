import { TransportError, type TransportFault } from "./transport-error.ts";

/** Named timers of one exchange; the first that fires fails it. */
export class Deadlines {
	private readonly timers = new Map<TransportFault, NodeJS.Timeout>();

	constructor(public onFail: (error: unknown) => void) {}

	set(fault: TransportFault, afterMs: number, message: string): void {
		this.unset(fault);
		this.timers.set(
			fault,
			setTimeout(() => this.fail(new TransportError(fault, message)), afterMs),
		);
	}

	unset(fault: TransportFault): void {
		clearTimeout(this.timers.get(fault));
		this.timers.delete(fault);
	}

	clear(): void {
		for (const timer of this.timers.values()) clearTimeout(timer);
		this.timers.clear();
	}

	fail(error: unknown): void {
		this.clear();
		this.onFail(error);
	}
}
