"""The words every other room uses: specs, records, keys, errors. Standard library only, no behaviour."""
