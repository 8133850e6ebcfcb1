/** The table of ids against package.json, both ways, and the promises that the manifest makes (threats P1, P3, A58, A76). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS, CONTEXT_KEYS, OWN_VALUE_ONLY, SECTION, SETTINGS, VIEWS } from "../../../src/vscode/ids.ts";

interface Command {
	readonly command: string;
	readonly category: string;
	readonly title: string;
	readonly icon?: string;
	readonly enablement?: string;
}

interface Property {
	readonly scope?: string;
	readonly order?: number;
	readonly markdownDescription?: string;
	readonly default?: unknown;
}

const text = readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8");
const manifest: {
	readonly capabilities: Record<string, { readonly supported: unknown; readonly description: string }>;
	readonly extensionKind: readonly string[];
	readonly browser?: string;
	readonly contributes: {
		readonly commands: readonly Command[];
		readonly menus: Record<string, readonly { readonly command: string; readonly when: string }[]>;
		readonly views: Record<string, readonly { readonly id: string }[]>;
		readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
		readonly walkthroughs: readonly {
			readonly steps: readonly { readonly media: { readonly svg: string; readonly altText: string } }[];
		}[];
		readonly configuration: readonly {
			readonly title: string;
			readonly order: number;
			readonly properties: Record<string, Property>;
		}[];
	};
} = JSON.parse(text);
const { contributes } = manifest;
const properties = contributes.configuration.flatMap((group) => Object.entries(group.properties));

/** They need neither a folder nor a run: each can always do what its title says. */
const ALWAYS_OFFERED: readonly string[] = [
	// Without a folder it looks at server and model.
	COMMANDS.checkSetup,
	COMMANDS.selectModel,
	COMMANDS.usePracticeModel,
	COMMANDS.showLog,
	COMMANDS.setApiKey,
	// Its page measures where nothing was measured yet.
	COMMANDS.showBenchmark,
	COMMANDS.openSample,
];

test("commands stand in both places, with their category and icon", () => {
	expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort());
	for (const { command, category, title, icon } of contributes.commands)
		expect([command, category, title !== "", icon?.startsWith("$(")]).toEqual([command, "Jetbox", true, true]);
});

test("each step of the walkthrough has a picture with words for those who do not see it", () => {
	const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
	expect(steps.length).toBeGreaterThan(0);
	for (const { media } of steps) {
		expect(media.altText).not.toBe("");
		expect(readFileSync(join(import.meta.dirname, "../../..", media.svg), "utf8")).toMatch(
			/^<svg [^>]*><title>\w[^<]*<\/title>/,
		);
	}
});

test("no command is offered where it can do nothing", () => {
	const inPalette = new Set(contributes.menus["commandPalette"]?.map(({ command }) => command));
	const unconditional = contributes.commands.filter(
		({ command, enablement }) => enablement === undefined && !inPalette.has(command),
	);
	expect(unconditional.map(({ command }) => command).sort()).toEqual(ALWAYS_OFFERED.toSorted());
	const needed = {
		[COMMANDS.showChanges]: CONTEXT_KEYS.hasChanges,
		[COMMANDS.showFileChanges]: CONTEXT_KEYS.hasChanges,
		[COMMANDS.keepFile]: CONTEXT_KEYS.hasChanges,
		[COMMANDS.undoFile]: CONTEXT_KEYS.hasChanges,
		[COMMANDS.undoRound]: CONTEXT_KEYS.hasChanges,
		[COMMANDS.showHistory]: CONTEXT_KEYS.hasHistory,
		[COMMANDS.exportRun]: CONTEXT_KEYS.hasHistory,
	};
	for (const [id, key] of Object.entries(needed))
		expect(contributes.commands.find(({ command }) => command === id)?.enablement).toContain(key);
});

test("the view and its container stand in both places", () => {
	expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([VIEWS.container]);
	expect(contributes.views[VIEWS.container]?.map(({ id }) => id)).toEqual([VIEWS.sidebar]);
});

test("settings stand in both places, each with scope, order, description and default", () => {
	expect(properties.map(([key]) => key).sort()).toEqual(
		Object.values(SETTINGS)
			.map((key) => `${SECTION}.${key}`)
			.sort(),
	);
	for (const [key, { scope, order, markdownDescription, default: value }] of properties) {
		expect([
			key,
			scope !== undefined,
			order !== undefined,
			(markdownDescription ?? "").length > 10,
			value !== undefined,
		]).toEqual([key, true, true, true, true]);
	}
});

test("the settings page reads in the manifest's own order, in titled groups, each in one piece", () => {
	expect(contributes.configuration.map(({ order }) => order)).toEqual(contributes.configuration.map((_, at) => at + 1));
	for (const { title } of contributes.configuration) expect(title).toMatch(/^%settings\.\w+%$/);
	const orders = properties.map(([, { order }]) => order);
	expect(orders).toEqual(properties.map((_, index) => index + 1));
	const groups = properties.map(([key]) => key.split(".").slice(1, -1).join("."));
	const begins = groups.filter((group, index) => group !== "" && group !== groups[index - 1]);
	expect(begins.toSorted()).toEqual([...new Set(begins)].toSorted());
});

test("P3, A58: what chooses a host, an executable or a permission is the person's own setting", () => {
	for (const key of OWN_VALUE_ONLY)
		expect([key, new Map(properties).get(`${SECTION}.${key}`)?.scope]).toEqual([key, "machine"]);
	const ofTheMachine = properties.filter(([, { scope }]) => scope === "machine").map(([key]) => key);
	const harmless = /^jetbox\.(warmUp|limits\.\w+)$/;
	expect(ofTheMachine.filter((key) => !harmless.test(key)).sort()).toEqual(
		OWN_VALUE_ONLY.map((key) => `${SECTION}.${key}`).sort(),
	);
	const dangerous = properties.filter(([key]) => /path|server|host|sandbox|approve|args|env/i.test(key));
	for (const [key, { scope }] of dangerous) expect([key, scope]).toEqual([key, "machine"]);
});

test("P1: nothing runs in untrusted or virtual workspaces; A76: no deep links", () => {
	expect(manifest.capabilities["untrustedWorkspaces"]?.supported).toBe(false);
	expect(manifest.capabilities["virtualWorkspaces"]?.supported).toBe(false);
	expect(text).not.toContain("onUri");
});

test("a web host and a virtual workspace are refused, each in words", () => {
	// Without an entry for browsers the editor says itself that Jetbox does not run there.
	expect([manifest.browser, manifest.extensionKind]).toEqual([undefined, ["workspace"]]);
	for (const { description } of Object.values(manifest.capabilities))
		expect(description).toMatch(/^%capability\.\w+%$/);
});

test("context keys that the manifest asks are ones that Jetbox sets", () => {
	const asked = new Set(text.match(/jetbox\.(running|can\w+|has\w+|touched\w+)/g));
	for (const key of asked) expect(Object.values<string>(CONTEXT_KEYS)).toContain(key);
});
