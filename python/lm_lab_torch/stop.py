"""The file by which anyone who can write to the run folder asks the trainer to save and stop."""

from pathlib import Path

from .processes import Processes
from .telling import tell


class Stop:
    """The main process looks for the file; all processes hear of it at the same moment."""

    def __init__(self, folder: Path, processes: Processes):
        self.file, self.processes, self.asked = folder / "stop", processes, False

    def goes_on(self) -> bool:
        if not self.asked:
            self.asked = self.processes.from_main(self.processes.is_main and self.file.exists())
            if self.asked and self.processes.is_main:
                tell(state="stopping")
        return not self.asked
