"""Storage: results of jobs as arrays without pickle, the picture cache, the library's database, the secret.

    <key>/                 finished: never changed again
        result.json        kind, origin, and the length and digest of every other file
        arrays-<stage>.npz
        files/<name>       large files, such as an export
    <key>.<owner>.part/    unfinished, with the same content; removed at the next start if its owner has ended
    <owner>.lock           held by a server for its lifetime

A finished folder gets its name in one step, so a process that ends at any time leaves a complete result or none.
"""
