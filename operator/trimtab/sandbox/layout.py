"""Where everything of one sandbox lies: a folder that only its owner can read."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The paths below one state folder (absolute)."""

    state: Path

    @classmethod
    def at(cls, state: Path) -> "Layout":
        """The layout of a state folder; nothing is made."""
        return cls(state.resolve())

    def prepare(self) -> None:
        """Make the folders."""
        self.state.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o700)
        for folder in (self.pki, self.logs, self.processes, self.artifacts):
            folder.mkdir(parents=True, exist_ok=True)
        self.ray_temp.mkdir(mode=0o700, exist_ok=True)

    @property
    def pki(self) -> Path:
        """Certificates and keys."""
        return self.state / "pki"

    @property
    def logs(self) -> Path:
        """One log a part, and the API server's audit log."""
        return self.state / "logs"

    def log(self, part: str) -> Path:
        """The log of a part."""
        return self.logs / f"{part}.log"

    @property
    def audit(self) -> Path:
        """Who wrote what to the API server, one JSON object a line."""
        return self.logs / "audit.jsonl"

    @property
    def processes(self) -> Path:
        """The ledger: one JSON file for each part that was started."""
        return self.state / "processes"

    @property
    def addresses(self) -> Path:
        """The ports in use, kept while anything runs."""
        return self.state / "addresses.json"

    @property
    def cluster(self) -> Path:
        """Which cluster was chosen at the last `up`."""
        return self.state / "cluster.json"

    @property
    def admin_kubeconfig(self) -> Path:
        """What people and `kubectl` use."""
        return self.state / "kubeconfig"

    @property
    def operator_kubeconfig(self) -> Path:
        """What the operator uses: its own least-privilege identity."""
        return self.state / "operator.kubeconfig"

    @property
    def etcd(self) -> Path:
        """The cluster's data."""
        return self.state / "etcd"

    @property
    def mlflow_database(self) -> Path:
        """MLflow's SQLite file."""
        return self.state / "mlflow.db"

    @property
    def artifacts(self) -> Path:
        """MLflow's artifacts: a plain folder."""
        return self.state / "artifacts"

    @property
    def ray_token(self) -> Path:
        """The secret every call to Ray's dashboard carries."""
        return self.state / "ray-token"

    @property
    def ray_temp(self) -> Path:
        """Ray's own folder; elsewhere, because the path of a Unix socket may have 107 bytes only."""
        digest = hashlib.sha256(str(self.state).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"trimtab-{digest}"
