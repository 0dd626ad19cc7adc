"""What an InferenceService tells: its conditions and their reasons."""

from trimtab.api.reasons.base import DocumentedCondition, DocumentedReason


class ServiceCondition(DocumentedCondition):
    """Conditions of an InferenceService. Drift never makes `Ready` false: the endpoint still answers."""

    READY = "Ready", "The endpoint answers, proven by a probe whose answer names the champion."
    UP_TO_DATE = "UpToDate", "The champion is the newest version in range that no gate refused."
    SHADOW_HEALTHY = "ShadowHealthy", "The candidate answers in time, or there is none."
    ROUTED = "Routed", "The gateway has taken up the route that spec.route asks for, or none is asked for."
    STABLE = "Stable", "The monitor sees no drift."
    RETRAIN_ALLOWED = "RetrainAllowed", "Drift would start a TrainingRun now."
    RECONCILING = "Reconciling", "There only while the endpoint is being brought to what the spec says."
    STALLED = "Stalled", "There only when the spec cannot be put in place and that will not change by itself."


_C = ServiceCondition


class ServiceReason(DocumentedReason):
    """Reasons of an InferenceService's conditions."""

    # Ready
    ANSWERING = (
        "Answering",
        (_C.READY,),
        "True",
        "The probe was answered by the champion, or by the one before while a change is put in place.",
    )
    PENDING = "Pending", (_C.READY, _C.UP_TO_DATE, _C.SHADOW_HEALTHY, _C.ROUTED), "Unknown", "Not looked at yet."
    NO_VERSION_IN_RANGE = (
        "NoVersionInRange",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "No ModelVersion of spec.model that is Ready lies in spec.version; a champion that there was answers on.",
        "Create a TrainingRun of the model, or widen spec.version.",
    )
    DEPLOYING = (
        "Deploying",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The serving engine is putting the champion in place.",
        "Wait.",
    )
    SERVING_UNAVAILABLE = (
        "ServingUnavailable",
        (_C.READY, _C.UP_TO_DATE, _C.SHADOW_HEALTHY, _C.ROUTED),
        "Unknown",
        "The serving engine (Ray, or the API server) does not answer.",
        "Bring it back; the service is put in place again by itself.",
    )
    ROLLING = (
        "Rolling",
        (_C.RECONCILING,),
        "True",
        "Resources, image or Ray version changed, so a new Ray cluster starts beside the one that serves on.",
    )
    KUBERAY_NOT_INSTALLED = (
        "KubeRayNotInstalled",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The serving engine is kuberay, and the API server knows no RayServices.",
        "Install KubeRay; the service is put in place by itself. Or install trimtab with another serving engine.",
    )
    POD_REFUSED = (
        "PodRefused",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The API server does not let the service's pods be made: a quota, PodSecurity or an admission policy.",
        "Do what the message says; the pods are made by themselves when nothing refuses them any longer.",
    )
    UNSCHEDULABLE = (
        "Unschedulable",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "No node takes the service's pods: too little processor, memory or cards, or taints.",
        "Make room or add nodes, or lower spec.resources.",
    )
    IMAGE_NOT_PULLED = (
        "ImageNotPulled",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The nodes cannot pull the serving image.",
        "Correct the image in the chart's values, push it, or give the nodes the right to pull it.",
    )
    POD_NOT_STARTING = (
        "PodNotStarting",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The image is there, but its container cannot be made, or ends again and again.",
        "Do what the message says; the pod starts by itself once nothing is missing.",
    )
    VERSION_NOT_LOADED = (
        "VersionNotLoaded",
        (_C.READY,),
        "False",
        "The champion's file could not be loaded.",
        "Read the message and the ModelVersion's ArtifactVerified; restore the file or pin another spec.version.",
    )
    NOT_ANSWERING = (
        "NotAnswering",
        (_C.READY,),
        "False",
        "The application is deployed, but its probe is not answered, or by another version.",
        "Read the replica's log in Ray.",
    )
    DEPLOY_FAILED = (
        "DeployFailed",
        (_C.READY,),
        "False",
        "The serving engine gave up putting the application in place.",
        "Read the message, which is the engine's own, and change what it names.",
    )
    SUSPENDED = (
        "Suspended",
        (_C.READY, _C.UP_TO_DATE, _C.SHADOW_HEALTHY, _C.ROUTED, _C.STABLE, _C.RETRAIN_ALLOWED),
        "False",
        "spec.suspend is true: the endpoint is down on purpose.",
        "Set spec.suspend to false.",
    )
    INVALID_SPEC = (
        "InvalidSpec",
        (_C.READY,),
        "False",
        "The spec says something the API server could not refuse.",
        "Correct the field the message names.",
    )

    # UpToDate and ShadowHealthy
    CHAMPION_IS_NEWEST = "ChampionIsNewest", (_C.UP_TO_DATE,), "True", "No newer version in range waits."
    CANDIDATE_IN_SHADOW = (
        "CandidateInShadow",
        (_C.UP_TO_DATE, _C.RETRAIN_ALLOWED),
        "False",
        "A newer version is being compared on live traffic.",
        "Wait for the verdict; status.shadow shows the evidence so far.",
    )
    NO_CANDIDATE = "NoCandidate", (_C.SHADOW_HEALTHY,), "True", "There is nothing to compare."
    CANDIDATE_ANSWERING = "CandidateAnswering", (_C.SHADOW_HEALTHY,), "True", "The candidate answers."
    CANDIDATE_NOT_LOADED = (
        "CandidateNotLoaded",
        (_C.SHADOW_HEALTHY,),
        "False",
        "The candidate's file could not be loaded. The champion answers all the same.",
        "Read the message and the candidate's ArtifactVerified.",
    )
    CANDIDATE_DROPPING = (
        "CandidateDropping",
        (_C.SHADOW_HEALTHY,),
        "False",
        "The candidate answers too late for more than a tenth of the rows it is sent.",
        "Lower spec.shadow.percent, or raise spec.shadow.timeout or spec.shadow.maxQueue.",
    )

    # Routed
    NO_ROUTE = "NoRoute", (_C.ROUTED,), "True", "spec.route is not there: clients inside the cluster use status.url."
    ROUTE_ACCEPTED = "RouteAccepted", (_C.ROUTED,), "True", "The gateway takes requests for spec.route.hostnames."
    ROUTE_NOT_ACCEPTED = (
        "RouteNotAccepted",
        (_C.ROUTED,),
        "False",
        "The gateway does not take the route, or finds no endpoint behind it yet.",
        "Read the message, which is the gateway's own: its listeners and allowedRoutes decide who may attach.",
    )

    # Stable
    STABLE = "Stable", (_C.STABLE,), "True", "What is seen agrees with the champion's profile."
    DATA_DRIFT = (
        "DataDrift",
        (_C.STABLE,),
        "False",
        "The inputs moved further than spec.monitoring.data.tolerance.",
        "Read status.drift.findings; RetrainAllowed says whether a run starts by itself.",
    )
    CONCEPT_DRIFT = (
        "ConceptDrift",
        (_C.STABLE,),
        "False",
        "The loss or the calibration moved further than spec.monitoring.concept allows.",
        "Read status.drift.findings; RetrainAllowed says whether a run starts by itself.",
    )
    DETECTOR_UNAVAILABLE = (
        "DetectorUnavailable",
        (_C.STABLE,),
        "Unknown",
        "The detector of spec.monitoring.data.detector cannot be had; requests are answered, and labels are watched.",
        "Give the serving image alibi-detect as docs/install.md says, or leave the inputs to Trimtab.",
    )
    TOO_FEW_ROWS = "TooFewRows", (_C.STABLE,), "Unknown", "No window is full yet.", "Wait for requests."
    NOT_MONITORED = (
        "NotMonitored",
        (_C.STABLE,),
        "Unknown",
        "The champion has no profile.",
        "Serve a version that a TrainingRun made.",
    )
    MONITOR_UNREACHABLE = (
        "MonitorUnreachable",
        (_C.STABLE, _C.SHADOW_HEALTHY),
        "Unknown",
        "The monitor does not answer; what it knew is kept.",
        "Look at Ready; the monitor comes back with the endpoint.",
    )

    # RetrainAllowed
    ALLOWED = "Allowed", (_C.RETRAIN_ALLOWED,), "True", "Drift would start a TrainingRun now."
    NOT_CONFIGURED = (
        "NotConfigured",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "spec.retraining is not there, so drift is only told.",
        "Add spec.retraining.",
    )
    NOTHING_TO_REPEAT = (
        "NothingToRepeat",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The champion was imported by hand, or there is none: no training spec is known.",
        "Create a TrainingRun of the model once by hand.",
    )
    ALREADY_RUNNING = (
        "AlreadyRunning",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "A TrainingRun of this model is under way.",
        "Wait for it.",
    )
    AWAITING_APPROVAL = (
        "AwaitingApproval",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The run that drift started is suspended, as spec.retraining.approval Manual asks.",
        "Set spec.suspend of the TrainingRun to false, or delete it.",
    )
    COOLING_DOWN = (
        "CoolingDown",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The last retraining ended less than spec.retraining.cooldown ago.",
        "Wait, or shorten the cooldown.",
    )
    BUDGET_SPENT = (
        "BudgetSpent",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "spec.retraining.budget.runs were started within budget.per.",
        "Wait, or raise the budget.",
    )
    CIRCUIT_OPEN = (
        "CircuitOpen",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "spec.retraining.suspendAfterFailures runs in a row brought no promoted version.",
        "Find out why retraining does not help; a version promoted from a run by hand closes the circuit.",
    )
