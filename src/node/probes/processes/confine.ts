/** How a probe's program is started: as it is, or wrapped by a sandbox. */

export interface Launch {
	readonly command: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

export type Confine = (launch: Launch) => Launch;

export const unconfined: Confine = (launch) => launch;
