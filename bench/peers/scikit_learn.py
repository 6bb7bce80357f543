"""Fits k-means with scikit-learn's defaults, all threads it takes: Prints one line of JSON: rows, seconds of the fits, inertias.

usage: scikit_learn.py <file of float64 values, row-major> <columns> <numbers of clusters, separated by commas> <starts>
"""

import json
import sys
import time

import numpy as np
from sklearn.cluster import KMeans


def main(file, columns, ks, starts):
    rows = np.fromfile(file).reshape(-1, int(columns))
    ks = [int(k) for k in ks.split(",")]
    # Threads and libraries are ready before the time that counts.
    KMeans(2, n_init=1, random_state=0).fit(rows[:1000])
    start = time.perf_counter()
    inertias = [KMeans(k, n_init=int(starts), random_state=1).fit(rows).inertia_ for k in ks]
    seconds = time.perf_counter() - start
    print(json.dumps({"rows": len(rows) * len(ks), "seconds": seconds, "inertias": inertias}))


main(*sys.argv[1:])
