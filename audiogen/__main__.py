"""`python -m audiogen`: the same as the command `audiogen`."""

from audiogen.cli import main

if __name__ == "__main__":
    main()
