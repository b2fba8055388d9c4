"""`python -m hallwatch` is the command `hallwatch`."""

from hallwatch.cli import main

if __name__ == "__main__":
    main()
