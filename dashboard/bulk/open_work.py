"""Bulk work from its plan, for processes that are sent one, such as the workers of a queue.

work = open_work(Plan.read(text, "the message"))
compute_slice(work, folder, Slice(3, 8))
"""

from __future__ import annotations

from typing import Any

from dashboard.api import LoadedModel, load_model
from dashboard.bulk import faces, scored
from dashboard.bulk.faces import FaceRequest, FacesWork
from dashboard.bulk.plan import Plan, Work
from dashboard.bulk.scored import BankRequest, BankWork, RescoreRequest, RescoreWork
from dashboard.errors import InputError


def open_work(plan: Plan, loaded: LoadedModel | None = None, threads: int | None = None) -> Work:
    """Return the work of a plan.

    Args:
        plan: of another process.
        loaded: the plan's model, if it is open already.
        threads: number of compute threads of the model; None for one per core.

    Raises:
        InputError: the plan does not belong to this machine's files.
        ModelError: the model does not exist.
    """
    request = plan.request
    engine: Any = request.get("engine", "auto")
    model = loaded or load_model(str(request.get("model") or plan.model), engine, threads)
    if plan.kind == faces.KIND:
        work: Work = FacesWork(model, FaceRequest.read(request))
    elif plan.kind == scored.RESCORE:
        work = RescoreWork(model, scored.requested(RescoreRequest, request))
    elif plan.kind == scored.BANK:
        work = BankWork(model, scored.requested(BankRequest, request))
    else:
        raise InputError(f"Expected faces, rescore or bank. Received: {plan.kind[:40]}.")
    if other := plan.difference(work.plan):
        raise InputError(f"Expected the files that the plan was made of. Received: {other}.")
    return work
