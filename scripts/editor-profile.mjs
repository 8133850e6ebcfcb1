/** What an editor starts from in host tests and benchmarks: a copy of the demo project, and settings that ask nobody anything. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const DEMO_PROJECT = join(import.meta.dirname, "..", "media/demo-project");

/** @returns the folder */
export function copyDemoProject(folder) {
	cpSync(DEMO_PROJECT, folder, { recursive: true, filter: (path) => !path.includes("__pycache__") });
	return folder;
}

/**
 * Writes the settings of a profile, with the practice model.
 * @param {string} userData the profile's folder
 * @param {string} python the interpreter of the tests
 * @param {object} more settings beyond those
 */
export function writeSettings(userData, python, more = {}) {
	const settings = JSON.stringify({
		"chat.disableAIFeatures": true,
		"workbench.startupEditor": "none",
		"jetbox.model": "practice",
		"jetbox.approve": "edits",
		"jetbox.sandbox": "off",
		"jetbox.pythonPath": python,
		"jetbox.maxRounds": 40,
		...more,
	});
	// A remote window reads settings of the scope `machine` from the server's own file, the desktop from the user's.
	for (const scope of ["User", "Machine"]) {
		mkdirSync(join(userData, scope), { recursive: true });
		writeFileSync(join(userData, scope, "settings.json"), settings);
	}
}
