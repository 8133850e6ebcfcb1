/** What core and adapters tell, in the person's language. */
import { l10n } from "vscode";
import { createTeller } from "../core/told-text.ts";

let teller: ((text: string) => string) | null = null;

/** @param text one message or one fix of the core's; two of them run together are not found again */
export function told(text: string): string {
	teller ??= createTeller(l10n.bundle ?? {});
	return teller(text);
}
