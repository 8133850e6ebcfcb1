/** `node scripts/badges.mjs`: draws the README's badges of the manifest, as pictures in the package: no service is asked for them. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "../test/host/code-web/host.mjs";
import { exitCodeOf, prepare } from "./prepare.mjs";
import { ROOT } from "./ui-run.mjs";

const BADGES = join(ROOT, "media/badges");
/** Sharp on a dense display. */
const SCALE = 2;
const STYLE = `
	body { margin: 0; background: transparent; }
	span { display: inline-block; padding: 3px 7px; font: 11px/14px "DejaVu Sans", Verdana, sans-serif; color: #fff; }
	#badge { padding: 0; border-radius: 3px; overflow: hidden; white-space: nowrap; }
	.name { background: #484f58; }
	.value { background: #0b6bcb; }
`;

process.exitCode = await exitCodeOf(drawBadges);

async function drawBadges() {
	await prepare({ browser: true, host: false });
	const { engines, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
	const badges = {
		vscode: ["VS Code", `${engines.vscode.replace("^", "")} or newer`],
		license: ["license", license],
		network: ["network", "your model server only"],
	};
	mkdirSync(BADGES, { recursive: true });
	const browser = await launchChromium();
	try {
		const page = await browser.newPage({ deviceScaleFactor: SCALE });
		for (const [file, [name, value]] of Object.entries(badges)) {
			await page.setContent(
				`<style>${STYLE}</style><span id="badge"><span class="name">${name}</span><span class="value">${value}</span></span>`,
			);
			await page.locator("#badge").screenshot({ path: join(BADGES, `${file}.png`), omitBackground: true });
			console.log(`media/badges/${file}.png: ${name} ${value}`);
		}
	} finally {
		await browser.close();
	}
	return 0;
}
