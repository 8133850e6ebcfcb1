/** The shell of a page behind the glass: its own script and style, nothing from anywhere else, no inline script. */
import { env, Uri, type Webview } from "vscode";

/** Of the extension: where the pages' scripts and stylesheets lie, and all that a page may load. */
export const PAGE_FOLDER = "dist";

/** @param name of the page's script and stylesheet */
export function webviewPage(webview: Webview, extensionUri: Uri, name: string, title: string): string {
	const nonce = createNonce();
	const script = webview.asWebviewUri(Uri.joinPath(extensionUri, PAGE_FOLDER, `${name}.js`));
	const style = webview.asWebviewUri(Uri.joinPath(extensionUri, PAGE_FOLDER, `${name}.css`));
	const source = webview.cspSource;
	const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; img-src ${source}; font-src ${source}`;
	return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replace(/[<&]/g, "")}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function createNonce(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
