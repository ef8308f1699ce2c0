// Somebody else saved the plan meanwhile: what was typed stays in its field until the person decides.

export const conflicts = {
  replies: {
    stale(page, sentence, sent) {
      const typed = sent && sent.kind === "change";
      if (typed || (sent && sent.kind === "add")) page.failed.set(`${sent.kind} ${sent.path}`, { kind: sent.kind, path: sent.path, value: sent.value });
      page.status("Not saved: somebody else saved this plan");
      const load = (again) => () => {
        const mine = [...page.failed.values()];
        page.failed.clear();
        page.quiet("stale");
        page.el.querySelectorAll("[data-dirty]").forEach((c) => { delete c.dataset.dirty; });
        page.send({ kind: "reload" });
        if (again) mine.forEach((message) => page.send(message));
      };
      page.alert("stale", `${sentence}${typed ? " What you typed is still in its field." : ""}`, [
        ["Load the newer plan and save mine on top", load(true)],
        ["Load the newer plan and drop mine", load(false)],
      ]);
    },
  },
};
