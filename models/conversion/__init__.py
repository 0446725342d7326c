"""How the shipped models were made from published weights; not needed at run time."""
