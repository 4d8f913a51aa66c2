"""``python -m nameplate.cli``."""

from nameplate.cli.main import main

if __name__ == "__main__":
    main()
