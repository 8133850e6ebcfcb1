/** Whether this machine runs on battery, where that can be known without a program. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const POWER_SUPPLIES = "/sys/class/power_supply";

/** @returns null where it is not known: another system than Linux, or a machine without the kernel's word */
export async function isOnBattery(folder: string = POWER_SUPPLIES): Promise<boolean | null> {
	let names: readonly string[];
	try {
		names = await readdir(folder);
	} catch {
		return null;
	}
	const supplies = await Promise.all(
		names.map(async (name) => ({
			type: await wordOf(join(folder, name, "type")),
			online: await wordOf(join(folder, name, "online")),
			status: await wordOf(join(folder, name, "status")),
			scope: await wordOf(join(folder, name, "scope")),
		})),
	);
	// A mouse's battery says nothing of the machine's.
	const own = supplies.filter(({ scope }) => scope !== "Device");
	if (own.some(({ type, online }) => (type === "Mains" || type === "USB") && online === "1")) return false;
	if (own.some(({ type, status }) => type === "Battery" && status === "Discharging")) return true;
	return own.some(({ type }) => type === "Battery") ? false : null;
}

async function wordOf(path: string): Promise<string> {
	try {
		return (await readFile(path, "utf8")).trim();
	} catch {
		return "";
	}
}
