/** Asks about a change with its diff in front of the person. The answer holds for this change only and is stored nowhere. */
import {
	commands,
	type Disposable,
	EventEmitter,
	l10n,
	type TextDocumentContentProvider,
	Uri,
	workspace,
} from "vscode";
import type { ApprovalRequest, Approver } from "../core/ports.ts";
import { visible } from "../core/visible-text.ts";
import { askBesideDiff, askOverDiff, type ChangeAnswer } from "./change-question.ts";

const SCHEME = "jetbox-proposal";

export class EditorApprover implements Approver, TextDocumentContentProvider, Disposable {
	private readonly texts = new Map<string, string>();
	private readonly changed = new EventEmitter<Uri>();
	readonly onDidChange = this.changed.event;
	private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
	private asked = 0;

	async approve(request: ApprovalRequest, signal: AbortSignal): Promise<ChangeAnswer> {
		signal.throwIfAborted();
		const { change, before } = request;
		this.asked += 1;
		const now = this.keep("now", change.path, before);
		const proposed = this.keep("proposed", change.path, change.kind === "delete" ? "" : change.text);
		try {
			for (;;) {
				// Each time: whoever looked first may have closed it, or gone elsewhere.
				await commands.executeCommand("vscode.diff", now, proposed, l10n.t("{0} (proposed)", visible(change.path)), {
					preview: true,
				});
				const answer = await askOverDiff(request, signal);
				const read = answer === "look" ? await askBesideDiff(request, signal) : answer;
				if (read !== null) return read;
			}
		} finally {
			this.texts.delete(now.toString());
			this.texts.delete(proposed.toString());
		}
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.texts.get(uri.toString()) ?? "";
	}

	dispose(): void {
		this.registration.dispose();
		this.changed.dispose();
	}

	private keep(side: string, path: string, text: string): Uri {
		const uri = Uri.from({ scheme: SCHEME, path: `/${path}`, query: `${side}-${this.asked}` });
		this.texts.set(uri.toString(), text);
		return uri;
	}
}
