/** The mouse of a flow. */
import { option } from "./workbench.mjs";

/** @param view the sidebar's document */
export function mouse(page, view) {
	return {
		name: "mouse",
		press: (name) => page.getByRole("button", { name, exact: true }).first().click(),
		openStep: (title) => page.getByRole("heading", { name: title, exact: true }).click(),
		pressInSidebar: (name) => view.getByRole("button", { name, exact: true }).first().click(),
		choose: (words) => option(page, words).click(),
		async trust() {
			await page.locator(".part.banner").getByRole("button", { name: "Manage", exact: true }).click();
			await page.getByRole("button", { name: "Trust", exact: true }).click();
			await page.getByRole("tab", { name: "Jetbox" }).waitFor();
			await page
				.getByRole("button", { name: /^Close/ })
				.last()
				.click();
		},
	};
}
