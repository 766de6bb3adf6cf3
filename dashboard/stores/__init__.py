"""Storage: results of jobs as arrays without pickle, the picture cache, the library's database, the secret.

    <key>/                 finished: nothing in it changes any more
        result.json        what was computed, from what, and the length and digest of every other file
        arrays-<stage>.npz
        files/<name>       large ones, such as an export
    <key>.<owner>.part/    in the making, the same inside; swept at the next start if its owner is gone
    <owner>.lock           held by a server for as long as it lives

A finished folder gets its name in one step, so whatever ends a process leaves a whole result or none.
"""
