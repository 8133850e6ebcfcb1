/** Foreign text for the editor's messages, which make links of `[words](target)`, commands among them (threats A71). */
import { visible } from "./visible-text.ts";

/** Text that an editor's message shows as text: hidden characters stand as code points, and no link is left in it. */
export function plain(text: string): string {
	return visible(text).replaceAll(/\](?=\s*\()/g, "] ");
}
