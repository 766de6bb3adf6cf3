/* Jobs on the server: start them, follow them with a back-off, cancel them, and report those whose page has been

   left. A card shows how long its job takes on this machine. If another user has started the same job, the card
   follows it: progress and results are shown here too, and only those who started it can cancel.

   The session remembers the jobs of this tab: they are followed after a reload, and started again after a restart of the
   server, whose result may be stored. A card (components/job_card.py) shows one job; its state is in the card's store
   `NAME-job` as {id, state, stage}, for callbacks, and in events `likeness:job`. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const KEPT = "likeness-jobs";
  const FIRST = 200; // ms to the first poll
  const LAST = 2000; // ms between later polls
  const SLOWER = 1.3;
  const NO_BODY = /** @type {never} */ (/** @type {unknown} */ ({})); // with an error message there is no body
  const SAID = 0.1; // announced at every tenth
  /** @type {JobAnswer["state"][]} */
  const ENDED = ["done", "failed", "cancelled"];

  const PAUSE = 150; // ms without a change after which parameters count as stable

  /** @type {FollowedJob[]} */
  let followed = [];
  /** @type {WeakMap<Element, string>} */
  const asked = new WeakMap(); // card -> its last request

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  /** @param {FollowedJob} job */
  const card = (job) => (job.card ? document.getElementById(job.card) : null);
  /** @param {FollowedJob} job */
  const forStart = ({ kind, model, params }) => JSON.stringify({ kind, model, params });

  /** Start a job: {cancel()}.
   * 
   * In `options`: title; model, by default the page's; card, the name of the card that shows it; and callbacks with
   * the job's state: onprogress, ondone; with a sentence: onfail; with nothing: oncancel.
   * @param {string} kind
   * @param {JobParams} params
   * @param {JobOptions} [options] */
  function run(kind, params, options = {}) {
    const { title = kind, model = likeness.state.model.name, card = null, ...called } = options;
    /** @type {FollowedJob} */
    const job = { kind, params, model, title, card, address: window.location.pathname + window.location.search };
    Object.defineProperty(job, "called", { value: called }); // not stored: it ends with the page
    begin(job);
    return { cancel: () => cancel(job) };
  }

  /** @param {FollowedJob} job @returns {Promise<void>} */
  async function begin(job) {
    job.last = null;
    followed = followed.filter((other) => !job.card || other.card !== job.card);
    followed.push(job);
    show(job, { state: "queued", fraction: 0, step: "Starting", stage: 0 });
    const { body, sentence } = await send(likeness.to("/jobs"), forStart(job));
    if (!followed.includes(job)) {
      if (body.id) send(likeness.to(`/jobs/${body.id}/cancel`)); // it was cancelled before it had an id
      return;
    }
    if (sentence) return end(job, { state: "failed", error: sentence });
    job.id = body.id;
    take(job, body);
  }

  /** @param {FollowedJob} job */
  async function look(job) {
    /** @type {Reply<JobAnswer>} */
    const { body, sentence } = await likeness.ask(likeness.to(`/jobs/${job.id}`));
    if (!followed.includes(job)) return;
    if (body.error && job.watched) return end(job, { state: "cancelled", fraction: 0, stage: 0 });
    if (body.error && !job.again) {
      job.again = true; // the server was restarted: stored results still exist
      return begin(job);
    }
    if (body.error) return end(job, { state: "failed", error: sentence });
    sentence ? later(job) : take(job, body);
  }

  /** @param {FollowedJob} job @param {JobState} state */
  function take(job, state) {
    if (!document.querySelector(".lk-page")) return later(job); // between two pages: not visible
    if (ENDED.includes(state.state)) return end(job, state);
    if (job.watched && !card(job)) return forget(job);
    show(job, state);
    job.called?.onprogress?.(state);
    later(job);
  }

  /** @param {FollowedJob} job */
  function later(job) {
    job.wait = Math.min(LAST, (job.wait || FIRST / SLOWER) * SLOWER);
    keep();
    setTimeout(() => followed.includes(job) && look(job), job.wait);
  }

  /** @param {FollowedJob} job */
  function forget(job) {
    followed = followed.filter((other) => other !== job);
    keep();
  }

  /** @param {FollowedJob} job @param {JobState} state */
  function end(job, state) {
    forget(job);
    show(job, state);
    if (state.state === "done") job.called?.ondone?.(state);
    if (state.state === "failed") job.called?.onfail?.(state.error ?? "");
    if (state.state === "cancelled") job.called?.oncancel?.();
    if (!job.card || card(job) || job.watched) return;
    const way = { text: "Show", href: job.address };
    if (state.state === "done") likeness.messages.toast(`${job.title}: done`, "good", way);
    if (state.state === "failed") likeness.messages.toast(`${job.title}: ${state.error}`, "error", way);
  }

  /** @param {FollowedJob} job */
  function cancel(job) {
    if (!followed.includes(job)) return;
    if (job.id) send(likeness.to(`/jobs/${job.id}/cancel`));
    const holder = card(job);
    if (holder) asked.delete(holder);
    end(job, { state: "cancelled", id: job.id, fraction: 0, stage: 0 });
  }

  // Job cards ---------------------------------------------------------------------------------------------------------

  /** Show the progress of jobs on newly rendered cards. */
  function refresh() {
    for (const job of followed) if (job.last && card(job)) show(job, job.last);
  }

  /** @param {FollowedJob} job @param {JobState} state */
  function show(job, state) {
    job.last = state;
    likeness.send("likeness:job", { ...job, ...state });
    const holder = card(job);
    if (!holder) return;
    const percent = Math.floor(100 * (state.fraction || 0));
    holder.dataset.state = state.state;
    holder.toggleAttribute("data-watched", Boolean(job.watched));
    const bar = holder.querySelector("[role=progressbar]");
    bar.setAttribute("aria-valuenow", percent);
    bar.style.setProperty("--done", `${percent}%`);
    holder.querySelector(".lk-job-step").textContent = state.step || "";
    holder.querySelector(".lk-job-left").textContent = left(state.seconds_left);
    holder.querySelector(".lk-job-error").textContent = state.error || "";
    say(holder, job, state, percent);
    const told = { id: job.id || null, state: state.state, stage: state.stage || 0 };
    if (JSON.stringify(told) === holder.dataset.told) return;
    holder.dataset.told = JSON.stringify(told);
    set(`${job.card}-job`, { data: told });
  }

  /** Announce the start, every tenth, and the end: more would flood a screen reader.
   * @param {PageElement} holder
   * @param {FollowedJob} job
   * @param {JobState} state
   * @param {number} percent */
  function say(holder, job, state, percent) {
    const tenth = ENDED.includes(state.state) ? state.state : String(Math.floor(percent / (100 * SAID)));
    if (holder.dataset.said === tenth) return;
    holder.dataset.said = tenth;
    /** @type {Partial<Record<JobAnswer["state"], string>>} */
    const ended = { done: "done", failed: state.error, cancelled: "cancelled" };
    const words = ended[state.state] || `${percent} percent`;
    holder.querySelector("[role=status]").textContent = `${job.title}: ${words}`;
  }

  /** @param {number | null | undefined} seconds */
  const left = (seconds) => (seconds == null ? "" : `${span(seconds)} left`);

  /** @param {number} seconds */
  function span(seconds) {
    if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
    return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
  }

  /** @param {OutlookAnswer} outlook */
  function takes({ seconds, measured }) {
    if (seconds === 0) return "The result is stored and appears immediately.";
    if (seconds < 2) return "Takes a moment.";
    return `Takes about ${span(seconds)} on this machine${measured ? "." : ", an estimate: none like it has been timed here yet."}`;
  }

  // Before the click -------------------------------------------------------------------------------------------------

  /** @param {PageElement} holder @returns {Pick<FollowedJob, "kind" | "model" | "params">} */
  const wish = (holder) => ({ kind: holder.dataset.kind, model: holder.dataset.model, params: JSON.parse(document.getElementById(`${holder.id}-params`)?.textContent || "{}") });

  /** Ask about new cards and changed parameters, once these stay the same. */
  function notice() {
    for (const holder of /** @type {HTMLCollectionOf<PageElement>} */ (document.getElementsByClassName("lk-job"))) {
      const about = holder.id + document.getElementById(`${holder.id}-params`)?.textContent;
      if (asked.get(holder) === about || holder.closest("[hidden]")) continue;
      const other = asked.has(holder);
      asked.set(holder, about);
      if (followed.some((job) => job.card === holder.id)) {
        refresh();
        continue;
      }
      if (other && !ENDED.some((state) => state === holder.dataset.state)) holder.dataset.state = "idle"; // the card showed another job
      setTimeout(() => holder.isConnected && asked.get(holder) === about && foresee(holder, about), PAUSE);
    }
  }

  /** @param {PageElement} holder @param {string} about */
  async function foresee(holder, about) {
    const asking = wish(holder);
    const line = holder.querySelector(".lk-job-duration");
    /** @type {Reply<OutlookAnswer>} */
    const { body, sentence } = await likeness.write(likeness.to("/jobs/look"), asking);
    if (!holder.isConnected || asked.get(holder) !== about) return;
    line.textContent = sentence ? "" : takes(body);
    if (sentence || !body.job || followed.some((job) => job.card === holder.id)) return;
    const title = holder.querySelector(".lk-job-title").textContent;
    /** @type {FollowedJob} */
    const job = { ...asking, title, card: holder.id, id: body.job.id, watched: true, address: window.location.pathname + window.location.search };
    followed.push(job);
    take(job, body.job);
  }

  /** Start the job of a card, with the shown parameters.
   * @param {PageElement} element */
  function startCard(element) {
    const holder = element.closest(".lk-job");
    const { kind, params, model } = wish(holder);
    const title = holder.querySelector(".lk-job-title").textContent;
    run(kind, params, { model, title, card: holder.id });
    holder.querySelector("[data-action=job-cancel]").focus(); // the focused button has been removed
  }

  /** @param {PageElement} element */
  function cancelCard(element) {
    const holder = element.closest(".lk-job");
    const job = followed.find((other) => other.card === holder.id);
    if (job) cancel(job);
    holder.querySelector("[data-action=job-start]").focus();
    notice();
  }

  // Session storage ---------------------------------------------------------------------------------------

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(followed.filter((job) => job.id)));
    } catch (error) {
      // Storage is full or not allowed: a reload loses the list.
    }
  }

  function restore() {
    try {
      followed = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") || [];
    } catch (error) {
      followed = [];
    }
    for (const job of followed) later(job);
  }

  /** @param {string} address @param {string} [body] @returns {Promise<Reply<JobAnswer>>} */
  async function send(address, body) {
    try {
      const response = await fetch(address, { method: "POST", body, headers: body ? { "Content-Type": "application/json" } : {} });
      const answer = await response.json();
      return response.ok ? { body: answer } : { body: answer, sentence: answer.error };
    } catch (error) {
      return { body: NO_BODY, sentence: "The server does not answer. Nothing was started. Try again in a moment." };
    }
  }

  likeness.jobs = { run, refresh };
  likeness.actions = Object.assign(likeness.actions || {}, { "job-start": startCard, "job-cancel": cancelCard });
  restore();
  new MutationObserver(notice).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
