/** Texts that stand in no file, for the editor to show in a diff. */
import { type Disposable, type TextDocumentContentProvider, Uri, workspace } from "vscode";

export class ShownTexts implements TextDocumentContentProvider, Disposable {
	private readonly texts = new Map<string, string>();
	private readonly registration: Disposable;
	private kept = 0;

	constructor(private readonly scheme: string) {
		this.registration = workspace.registerTextDocumentContentProvider(scheme, this);
	}

	/** @param path decides the language and the title */
	show(path: string, text: string): Uri {
		this.kept += 1;
		const uri = Uri.from({ scheme: this.scheme, path: `/${path}`, query: String(this.kept) });
		this.texts.set(uri.toString(), text);
		return uri;
	}

	forget(uri: Uri): void {
		this.texts.delete(uri.toString());
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.texts.get(uri.toString()) ?? "";
	}

	dispose(): void {
		this.registration.dispose();
	}
}
