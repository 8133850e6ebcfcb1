/** The addresses that the person allowed for prompts, besides this machine; kept outside every workspace. */
import { isListOf, isText } from "../../core/record/guards.ts";
import { readSealed, writeSealed } from "../sealed-file.ts";

export interface AllowedServers {
	readonly urls: readonly string[];
	/** The file where it is damaged, so that its addresses are asked anew; otherwise null. */
	readonly damaged: string | null;
}

export function readAllowed(path: string): AllowedServers {
	const answers = readSealed(path, isListOf(isText));
	return { urls: answers.kind === "whole" ? answers.value : [], damaged: answers.kind === "damaged" ? path : null };
}

export function addAllowed(path: string, url: string): void {
	const { urls } = readAllowed(path);
	if (!urls.includes(url)) writeSealed(path, [...urls, url]);
}
