"""What an InferenceService tells: its conditions and their reasons."""

from trimtab.api.reasons.base import DocumentedCondition, DocumentedReason


class ServiceCondition(DocumentedCondition):
    """Conditions of an InferenceService. Drift never makes `Ready` false: the endpoint still answers."""

    READY = "Ready", "The endpoint answers, proven by a probe whose answer names the champion."
    UP_TO_DATE = "UpToDate", "The champion is the newest version in range that no gate refused."
    SHADOW_HEALTHY = "ShadowHealthy", "The candidate answers in time, or there is no candidate."
    ROUTED = "Routed", "The gateway has accepted the route that spec.route asks for, or none is asked for."
    STABLE = "Stable", "The monitor sees no drift."
    RETRAIN_ALLOWED = "RetrainAllowed", "Drift would start a TrainingRun now."
    RECONCILING = "Reconciling", "Present only while the endpoint is being brought to what the spec says."
    STALLED = "Stalled", "Present only when the spec cannot be put in place and that will not change by itself."


_C = ServiceCondition


class ServiceReason(DocumentedReason):
    """Reasons of an InferenceService's conditions."""

    # Ready
    ANSWERING = (
        "Answering",
        (_C.READY,),
        "True",
        "The champion answered the probe, or the previous one did while a change is put in place.",
    )
    PENDING = "Pending", (_C.READY, _C.UP_TO_DATE, _C.SHADOW_HEALTHY, _C.ROUTED), "Unknown", "Not checked yet."
    NO_VERSION_IN_RANGE = (
        "NoVersionInRange",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "No ModelVersion of spec.model that is Ready lies in spec.version; an existing champion goes on answering.",
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
        "Bring it back; the service recovers by itself.",
    )
    ROLLING = (
        "Rolling",
        (_C.RECONCILING,),
        "True",
        "Resources, image or Ray version changed, so a new Ray cluster starts beside the one that still serves.",
    )
    KUBERAY_NOT_INSTALLED = (
        "KubeRayNotInstalled",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The serving engine is kuberay, and the API server does not know the kind RayService.",
        "Install KubeRay; the service is put in place by itself. Or install trimtab with another serving engine.",
    )
    POD_REFUSED = (
        "PodRefused",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "The API server refuses to create the service's pods: a quota, PodSecurity or an admission policy.",
        "Do what the message says; the pods are created once nothing refuses them any longer.",
    )
    UNSCHEDULABLE = (
        "Unschedulable",
        (_C.READY, _C.UP_TO_DATE),
        "False",
        "No node takes the service's pods: not enough CPU or memory, or taints.",
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
        "The image is there, but its container cannot be created, or ends again and again.",
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
        "Read the replica's log: docs/troubleshooting.md says how.",
    )
    DEPLOY_FAILED = (
        "DeployFailed",
        (_C.READY,),
        "False",
        "The serving engine gave up deploying the application.",
        "Read the message, which is the engine's own, and correct what it names.",
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
        "The spec has an error that the API server cannot check.",
        "Correct the field that the message names.",
    )

    # UpToDate and ShadowHealthy
    CHAMPION_IS_NEWEST = "ChampionIsNewest", (_C.UP_TO_DATE,), "True", "No newer version in range is waiting."
    CANDIDATE_IN_SHADOW = (
        "CandidateInShadow",
        (_C.UP_TO_DATE, _C.RETRAIN_ALLOWED),
        "False",
        "A newer version is being compared on live traffic.",
        "Wait for the verdict; status.shadow shows the evidence so far.",
    )
    NO_CANDIDATE = "NoCandidate", (_C.SHADOW_HEALTHY,), "True", "There is no candidate."
    CANDIDATE_ANSWERING = "CandidateAnswering", (_C.SHADOW_HEALTHY,), "True", "The candidate answers."
    CANDIDATE_NOT_LOADED = (
        "CandidateNotLoaded",
        (_C.SHADOW_HEALTHY,),
        "False",
        "The candidate's file could not be loaded. The champion is not affected.",
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
    NO_ROUTE = "NoRoute", (_C.ROUTED,), "True", "There is no spec.route; clients inside the cluster use status.url."
    ROUTE_ACCEPTED = "RouteAccepted", (_C.ROUTED,), "True", "The gateway accepts requests for spec.route.hostnames."
    ROUTE_NOT_ACCEPTED = (
        "RouteNotAccepted",
        (_C.ROUTED,),
        "False",
        "The gateway does not accept the route, or finds no endpoint behind it yet.",
        "Read the message, which is the gateway's own: its listeners and allowedRoutes decide who may attach.",
    )

    # Stable
    STABLE = "Stable", (_C.STABLE,), "True", "Live data agrees with the champion's profile."
    DATA_DRIFT = (
        "DataDrift",
        (_C.STABLE,),
        "False",
        "The inputs changed by more than spec.monitoring.data.tolerance.",
        "Read status.drift.findings; RetrainAllowed says whether a run starts by itself.",
    )
    CONCEPT_DRIFT = (
        "ConceptDrift",
        (_C.STABLE,),
        "False",
        "The loss or the calibration changed by more than spec.monitoring.concept allows.",
        "Read status.drift.findings; RetrainAllowed says whether a run starts by itself.",
    )
    DETECTOR_UNAVAILABLE = (
        "DetectorUnavailable",
        (_C.STABLE,),
        "Unknown",
        "The detector that the spec names is not available, or fails; requests are answered, and labels are monitored.",
        "Read the message; add alibi-detect to the serving image (docs/install.md), or set the detector to Trimtab.",
    )
    TOO_FEW_ROWS = (
        "TooFewRows",
        (_C.STABLE,),
        "Unknown",
        "Fewer than two windows are judged yet. A window is at least as long as data.block of the champion's training.",
        "Wait for requests.",
    )
    WINDOWS_TOO_SMALL = (
        "WindowsTooSmall",
        (_C.STABLE,),
        "Unknown",
        "No window so far has 50 rows (with a label, if only the concept is watched), and smaller ones are not judged.",
        "Make spec.monitoring.window longer.",
    )
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
        "The monitor does not answer; what it has counted is kept.",
        "Look at Ready; the monitor comes back with the endpoint.",
    )

    # RetrainAllowed
    ALLOWED = "Allowed", (_C.RETRAIN_ALLOWED,), "True", "Drift would start a TrainingRun now."
    NOT_CONFIGURED = (
        "NotConfigured",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "There is no spec.retraining, so drift is reported but starts nothing.",
        "Add spec.retraining.",
    )
    NOTHING_TO_REPEAT = (
        "NothingToRepeat",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The champion was imported by hand, or there is none: no training spec is known.",
        "Create a TrainingRun of the model by hand, once.",
    )
    ALREADY_RUNNING = (
        "AlreadyRunning",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "A TrainingRun of this model is under way.",
        "Wait for it.",
    )
    RUN_SUSPENDED = (
        "RunSuspended",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "A TrainingRun of this model that drift of this service did not start is suspended; it may go on at any time.",
        "Set spec.suspend of the TrainingRun to false, or delete it.",
    )
    AWAITING_APPROVAL = (
        "AwaitingApproval",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The run that drift started is suspended, as spec.retraining.approval Manual asks.",
        "Set spec.suspend of the TrainingRun to false, or delete the run: then the cooldown begins.",
    )
    RUN_REFUSED = (
        "RunRefused",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The API server refuses to create the TrainingRun: a quota or an admission policy.",
        "Do what the message says; it is tried again twice a minute.",
    )
    COOLING_DOWN = (
        "CoolingDown",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "The last retraining ended, or was declined, less than spec.retraining.cooldown ago.",
        "Wait, or shorten the cooldown.",
    )
    BUDGET_SPENT = (
        "BudgetSpent",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "As many runs as spec.retraining.budget.runs were started within budget.per.",
        "Wait, or raise the budget.",
    )
    CIRCUIT_OPEN = (
        "CircuitOpen",
        (_C.RETRAIN_ALLOWED,),
        "False",
        "As many runs in a row as spec.retraining.suspendAfterFailures brought no promoted version.",
        "Find out why retraining does not help; a version promoted from a run by hand closes the circuit.",
    )
