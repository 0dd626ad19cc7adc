"""What a TrainingRun tells: its conditions, in the order a run meets them, and their reasons."""

from trimtab.api.reasons.base import DocumentedCondition, DocumentedReason


class TrainingCondition(DocumentedCondition):
    """Conditions of a TrainingRun. `Ready` and `Stalled` repeat the reason of the first condition that is not true."""

    ADMITTED = "Admitted", "The run may start."
    DATA_PINNED = "DataPinned", "The data was read, and a snapshot of it kept; status.data names it."
    DATA_VALID = "DataValid", "The data has the columns, types and values that the spec asks for."
    TRAINED = "Trained", "The entrypoint returned a model, and the exported model gives the same answers."
    GATES_PASSED = "GatesPassed", "Every gate let the version pass on the held-out rows."
    REGISTERED = "Registered", "The version is in the registry, and its ModelVersion exists."
    READY = "Ready", "The run succeeded."
    RECONCILING = "Reconciling", "Present only while the run is under way."
    STALLED = "Stalled", "Present only when the run failed: it will not go on by itself."


_C = TrainingCondition
_STEPS = (_C.DATA_PINNED, _C.DATA_VALID, _C.TRAINED, _C.GATES_PASSED, _C.REGISTERED)


class TrainingReason(DocumentedReason):
    """Reasons of a TrainingRun's conditions."""

    # Where the run is
    PENDING = "Pending", (_C.ADMITTED, *_STEPS), "Unknown", "The run has not got this far yet."
    ADMITTED = "Admitted", (_C.ADMITTED,), "True", "The spec is valid and nothing holds the run back."
    RUNNING = "Running", _STEPS, "Unknown", "The step is running."
    SUSPENDED = (
        "Suspended",
        (_C.ADMITTED,),
        "False",
        "spec.suspend is true.",
        "Set spec.suspend to false to let the run go on.",
    )
    RETRYING = (
        "Retrying",
        (_C.RECONCILING,),
        "True",
        "An attempt failed for a cause that may go away; another attempt follows.",
        "Read the message and remove the cause; the next attempt starts by itself.",
    )
    NOT_REACHED = (
        "NotReached",
        _STEPS,
        "Unknown",
        "An earlier step failed, so this one never ran.",
        "Read the condition that is False.",
    )
    SUCCEEDED = "Succeeded", (_C.READY,), "True", "The run finished and its ModelVersion exists."

    # The spec
    INVALID_SPEC = (
        "InvalidSpec",
        (_C.ADMITTED,),
        "False",
        "The spec has an error that the API server cannot check.",
        "Create a new TrainingRun with the field corrected that the message names.",
    )

    POOL_UNKNOWN = (
        "PoolUnknown",
        (_C.ADMITTED,),
        "False",
        "spec.resources.gpu.nodePool names no pool of this installation.",
        "Create a new TrainingRun with one of the pools the message names, or add the pool to the chart's values.",
    )
    POOL_TOO_SMALL = (
        "PoolTooSmall",
        (_C.ADMITTED,),
        "False",
        "The pool's nodes have fewer GPUs, or GPUs with less memory, than spec.resources.gpu asks for.",
        "Create a new TrainingRun that asks for less, or names one of the pools in the message.",
    )
    UNSUPPORTED_BY_ENGINE = (
        "UnsupportedByEngine",
        (_C.ADMITTED,),
        "False",
        "The pipeline engine of this installation cannot do what a field of the spec asks for.",
        "Leave out the field that the message names, or install trimtab with the engine that it needs.",
    )

    ENGINE_REFUSED = (
        "EngineRefused",
        (_C.ADMITTED,),
        "False",
        "The pipeline server refuses the run.",
        "Read the message; if the server is older than docs/reference/versions.md says, upgrade it.",
    )
    JOB_INVALID = (
        "JobInvalid",
        (_C.ADMITTED,),
        "False",
        "The API server calls the run's Job invalid: a field of the spec, or of the pool, has a value it never takes.",
        "Correct the field that the message names, in the chart's pools or in the spec, and create a new TrainingRun.",
    )
    QUEUED = (
        "Queued",
        (_C.ADMITTED,),
        "False",
        "Kueue has not admitted the run yet.",
        "Wait for room in the queue; if nothing moves, look at the LocalQueue that spec.queueName names.",
    )
    POD_REFUSED = (
        "PodRefused",
        (_C.ADMITTED,),
        "False",
        "The API server refuses to create the run's pod: a quota, a limit range or an admission policy.",
        "Do what the message says; the pod is created once nothing refuses it any longer.",
    )
    UNSCHEDULABLE = (
        "Unschedulable",
        (_C.ADMITTED,),
        "False",
        "No node takes the run's pod: not enough CPU, memory or GPUs, or taints.",
        "Make room or add nodes; if none of them can ever take it, create a TrainingRun that asks for less.",
    )
    IMAGE_NOT_PULLED = (
        "ImageNotPulled",
        (_C.ADMITTED,),
        "False",
        "The node cannot pull the run's image.",
        "Correct spec.trainer.image in a new TrainingRun, or push the image, or give the nodes the right to pull it.",
    )
    POD_NOT_STARTING = (
        "PodNotStarting",
        (_C.ADMITTED,),
        "False",
        "The image is there, but its container cannot be created: a Secret is missing, or a command.",
        "Do what the message says; the pod starts by itself once nothing is missing.",
    )

    # Snapshot and validation
    DATA_PINNED = "DataPinned", (_C.DATA_PINNED,), "True", "The rows were copied and their digest taken."
    DATA_UNREADABLE = (
        "DataUnreadable",
        (_C.DATA_PINNED,),
        "False",
        "There is nothing at spec.data.uri, or a file there is not Parquet.",
        "Repair the file the message names, or correct spec.data.uri, and create a new TrainingRun.",
    )
    REVISION_NOT_FOUND = (
        "RevisionNotFound",
        (_C.DATA_PINNED,),
        "False",
        "The data that spec.data.revision names is neither at the source nor among the snapshots.",
        "Use `latest`, or restore the data that had this digest.",
    )
    DATA_EMPTY = (
        "DataEmpty",
        (_C.DATA_PINNED,),
        "False",
        "No row is left after spec.data.window.",
        "Widen spec.data.window, or check whether the data has arrived.",
    )
    DISK_FULL = (
        "DiskFull",
        _STEPS,
        "False",
        "A step could not write its output: the disk is full.",
        "Free space in the folder that the message names; the run is tried again by itself.",
    )
    STORE_UNAVAILABLE = (
        "StoreUnavailable",
        _STEPS,
        "False",
        "The object store does not answer, or refuses the credentials.",
        "Bring it back, or correct the Secret that holds its credentials; the run is tried again by itself.",
    )
    DATA_VALID = "DataValid", (_C.DATA_VALID,), "True", "Every expectation held."
    COLUMN_MISSING = (
        "ColumnMissing",
        (_C.DATA_PINNED, _C.DATA_VALID),
        "False",
        "A column that spec.data names is not in the data.",
        "Correct the name in spec.data, or add the column to the data.",
    )
    COLUMN_NOT_SUPPORTED = (
        "ColumnNotSupported",
        (_C.DATA_VALID,),
        "False",
        "A feature is neither a number, a boolean nor a string, or it holds integers beyond 2^53.",
        "Leave the column out of spec.data.features, or convert it to a number or a string.",
    )
    DATA_INVALID = (
        "DataInvalid",
        (_C.DATA_VALID,),
        "False",
        "An expectation does not hold.",
        "Repair the data, or correct the expectation that the message names.",
    )
    TARGET_NOT_BINARY = (
        "TargetNotBinary",
        (_C.DATA_VALID,),
        "False",
        "spec.data.target has values other than 0 and 1, or only one of them.",
        "Name a column that has both 0 and 1, and nothing else.",
    )
    TOO_FEW_ROWS = (
        "TooFewRows",
        (_C.DATA_VALID,),
        "False",
        "Too few rows, or too few blocks, remain for training or for the held-out part.",
        "Widen spec.data.window or change spec.data.holdout.fraction.",
    )

    # Training and export
    TRAINED = "Trained", (_C.TRAINED,), "True", "The exported model gives the same answers as the fitted one."
    ENTRYPOINT_NOT_FOUND = (
        "EntrypointNotFound",
        (_C.TRAINED,),
        "False",
        "spec.trainer.entrypoint cannot be imported, or spec.trainer.source.path is no folder of code.",
        "Correct spec.trainer.entrypoint or spec.trainer.source.path; the message holds the import error.",
    )
    TRAINING_RAISED = (
        "TrainingRaised",
        (_C.TRAINED,),
        "False",
        "The entrypoint raised an exception.",
        "Read the run's log (docs/troubleshooting.md), correct the training function, and create a new TrainingRun.",
    )
    EXPORT_FAILED = (
        "ExportFailed",
        (_C.TRAINED,),
        "False",
        "What the entrypoint returned cannot be exported to ONNX.",
        "Return a fitted scikit-learn classifier of a kind that can be exported.",
    )
    PARITY_FAILED = (
        "ParityFailed",
        (_C.TRAINED,),
        "False",
        "The exported model gives other answers than the fitted one, so it is not served.",
        "Encode categories and fill missing values inside the pipeline instead of inside the estimator.",
    )
    TRACKING_UNAVAILABLE = (
        "TrackingUnavailable",
        _STEPS,
        "False",
        "MLflow does not answer.",
        "Bring MLflow back; the run is tried again by itself.",
    )

    # Gates and registration
    GATES_PASSED = "GatesPassed", (_C.GATES_PASSED,), "True", "Every gate let the version pass, or there is none."
    GATE_FAILED = (
        "GateFailed",
        (_C.GATES_PASSED,),
        "False",
        "A gate refused the version; it is registered as Rejected, with its numbers.",
        "Compare status.gates with spec.gates; train on better data or loosen the gate.",
    )
    CHAMPION_UNREADABLE = (
        "ChampionUnreadable",
        (_C.GATES_PASSED,),
        "False",
        "The champion's file could not be read, so it could not be scored on the same rows.",
        "Restore the file that the champion's ModelVersion names.",
    )
    REGISTERED = "Registered", (_C.REGISTERED,), "True", "The version is in MLflow and its ModelVersion exists."
    VERSION_REFUSED = (
        "VersionRefused",
        (_C.REGISTERED,),
        "False",
        "The API server refuses to create the ModelVersion: a quota or an admission policy.",
        "Do what the message says; it is tried again by itself.",
    )

    # The engine
    ENGINE_UNAVAILABLE = (
        "EngineUnavailable",
        (_C.ADMITTED, *_STEPS),
        "Unknown",
        "The pipeline engine does not answer, or rights, a quota or a policy keep it from starting or stopping a run.",
        "Do what the message says; the run goes on by itself, as long as spec.activeDeadlineSeconds lets it.",
    )
    INTERRUPTED = (
        "Interrupted",
        _STEPS,
        "False",
        "The pipeline run ended without a result, as often as it may be tried.",
        "Look in the run's log for a killed process (out of memory?), and create a new TrainingRun.",
    )
    DEADLINE_EXCEEDED = (
        "DeadlineExceeded",
        _STEPS,
        "False",
        "The run took longer than spec.activeDeadlineSeconds.",
        "Remove what the message names; if that is nothing, give a new TrainingRun a longer deadline or less data.",
    )
    STEP_FAILED = (
        "StepFailed",
        _STEPS,
        "False",
        "A step failed in an unexpected way.",
        "Read the run's log (docs/troubleshooting.md); if the fault is trimtab's, report it.",
    )
