"""`python -m badgateway` is the same as the command `badgateway`."""

from badgateway.cli import main

if __name__ == "__main__":
    main()
