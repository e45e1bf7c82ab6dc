"""`python -I -m mldebt.action`."""

from mldebt.action import main

if __name__ == "__main__":
    main()
