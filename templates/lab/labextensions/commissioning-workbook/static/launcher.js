// The workbook's notebooks in JupyterLab's launcher, beside the ordinary ones.
//
// JupyterLab loads an extension as a "container" with two functions: init, which is given the modules that
// JupyterLab shares, and get, which answers with the extension. Both are a few lines, so nothing is built.
// Where JupyterLab changes this, the launcher lacks these tiles and everything else works: the start page
// "Start here.md" links to the same notebooks.
(() => {
  "use strict";

  const CATEGORY = "Commissioning workbook";
  const ENTRIES = [
    { path: "Start here.md", label: "Start here", preview: true },
    { path: "0_start.ipynb", label: "Start" },
    { path: "1_needs.ipynb", label: "Needs assessment" },
    { path: "2_ambitions.ipynb", label: "Five-year ambitions" },
    { path: "3_budget.ipynb", label: "Budget scope and five-year money" },
    { path: "4_decommissioning.ipynb", label: "Decommissioning checks" },
    { path: "9_plan.ipynb", label: "The plan" },
    { path: "tutorial.ipynb", label: "Tutorial: your own indicator and questions" },
  ];
  const TEMPLATE = "templates/local_step.ipynb";

  let shared = {};

  // The version of a shared module that JupyterLab itself brings; null where there is none.
  const moduleOf = async (name) => {
    const versions = Object.values(shared[name] ?? {});
    return versions.length ? (await versions[0].get())() : null;
  };

  // A copy of the template under the first free name; the template itself stays as it is.
  const newStep = async (app) => {
    const contents = app.serviceManager.contents;
    const there = (await contents.get("", { content: true })).content.map((file) => file.name);
    let number = 1;
    while (there.includes(`local step ${number}.ipynb`)) {
      number += 1;
    }
    const copy = await contents.copy(TEMPLATE, "");
    await contents.rename(copy.path, `local step ${number}.ipynb`);
    return app.commands.execute("docmanager:open", { path: `local step ${number}.ipynb` });
  };

  const plugin = async () => {
    const launcherModule = await moduleOf("@jupyterlab/launcher");
    if (!launcherModule) {
      return [];
    }
    const icons = (await moduleOf("@jupyterlab/ui-components")) ?? {};
    return {
      id: "commissioning-workbook:launcher",
      description: "The workbook's notebooks in the launcher",
      autoStart: true,
      requires: [launcherModule.ILauncher],
      activate: (app, launcher) => {
        const offer = (id, label, icon, execute, rank) => {
          app.commands.addCommand(id, { label, caption: label, icon, execute });
          launcher.add({ command: id, category: CATEGORY, rank });
        };
        ENTRIES.forEach((entry, rank) => {
          const factory = entry.preview ? "Markdown Preview" : undefined;
          const icon = entry.preview ? icons.markdownIcon : icons.notebookIcon;
          const open = () => app.commands.execute("docmanager:open", { path: entry.path, factory });
          offer(`workbook:open-${rank}`, entry.label, icon, open, rank);
        });
        offer("workbook:new-local-step", "New local step", icons.addIcon, () => newStep(app), ENTRIES.length);
      },
    };
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["commissioning-workbook"] = {
    init: (scope) => {
      shared = scope;
    },
    get: async (name) => {
      const made = name === "./extension" ? await plugin() : [];
      return () => ({ __esModule: true, default: made });
    },
  };
})();
