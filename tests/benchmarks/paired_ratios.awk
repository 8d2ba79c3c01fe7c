# SPDX-License-Identifier: GPL-3.0-or-later
# What compare_servers has measured, as tables or JSON. A line of figures: row, round, variant, requests a second, p99 in
# microseconds, processor seconds per 1,000 requests. A variant is MODEL:TRACING, or :PEER. Ratios are taken within a
# round; told is their median.
#
# Variables: row and title (the table of one row), best=1 (the best model of each row), or json=1.

{
    if (row != "" && $1 != row) next
    if (!($1 in rowSeen)) { rowSeen[$1] = 1; rowNames[++rowCount] = $1 }
    if (!(($1, $3) in seen)) { seen[$1, $3] = 1; variants[$1, ++variantCount[$1]] = $3 }
    if ($2 > lastRound[$1]) lastRound[$1] = $2
    for (column = 1; column <= 3; ++column) figure[$1, $3, $2, column] = $(column + 3)
}

# Of values[1..count], which it sorts.
function median(count,    i, j, value) {
    for (i = 2; i <= count; ++i) {
        value = values[i]
        for (j = i - 1; j >= 1 && values[j] > value; --j) values[j + 1] = values[j]
        values[j + 1] = value
    }
    return count == 0 ? 0 : count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
}

function medianOf(aRow, variant, column,    round) {
    for (round = 1; round <= lastRound[aRow]; ++round) values[round] = figure[aRow, variant, round, column] + 0
    return median(lastRound[aRow])
}

function ratio(aRow, variant, other, column,    round, count, divisor) {
    for (round = 1; round <= lastRound[aRow]; ++round) {
        divisor = figure[aRow, other, round, column] + 0
        if (divisor > 0) values[++count] = figure[aRow, variant, round, column] / divisor
    }
    return median(count)
}

# The variant with the best median among peers (wanted ""), or among models with that tracing.
function bestOf(aRow, wanted,    i, variant, how, best, most) {
    for (i = 1; i <= variantCount[aRow]; ++i) {
        variant = variants[aRow, i]
        how = variant
        sub(/^.*:/, "", how)
        if (wanted == "" ? variant !~ /^:/ : variant ~ /^:/ || how != wanted) continue
        if (best == "" || medianOf(aRow, variant, 1) > most) { best = variant; most = medianOf(aRow, variant, 1) }
    }
    return best
}

# What a variant is compared with besides peers: the same model built or traced otherwise, as far as it was measured.
function siblings(aRow, variant,    model, text, i, other, count, names) {
    if (variant ~ /^:/) return ""
    model = variant
    sub(/:[^:]*$/, "", model)
    count = split("untraced ungated before", names, " ")
    for (i = 1; i <= count; ++i) {
        other = model ":" names[i]
        if (other == variant || !((aRow, other) in seen)) continue
        text = text sprintf("  %.3f of %s", ratio(aRow, variant, other, 1), names[i])
    }
    return text
}

function printRow(aRow,    i, j, best, variant, peer) {
    best = bestOf(aRow, "")
    printf "\n%s\n%-44s %11s", title, "server", "requests/s"
    for (j = 1; j <= variantCount[aRow]; ++j)
        if (variants[aRow, j] ~ /^:/) printf " %10s", "/" substr(variants[aRow, j], 2)
    printf (best != "" ? " %8s %8s\n" : "\n"), "p99", "CPU"
    for (i = 1; i <= variantCount[aRow]; ++i) {
        variant = variants[aRow, i]
        printf "%-44s %11.0f", (variant ~ /^:/ ? substr(variant, 2) : variant), medianOf(aRow, variant, 1)
        for (j = 1; j <= variantCount[aRow]; ++j) {
            peer = variants[aRow, j]
            if (peer ~ /^:/) printf " %10.3f", ratio(aRow, variant, peer, 1)
        }
        if (best != "") printf " %8.2f %8.2f", ratio(aRow, variant, best, 2), ratio(aRow, variant, best, 3)
        printf "%s\n", siblings(aRow, variant)
    }
}

function printBest(    i, peer, off, on) {
    printf "\n%-10s %-10s %s\n", "row", "best peer", "our best, against it: tracing off; tracing on"
    for (i = 1; i <= rowCount; ++i) {
        peer = bestOf(rowNames[i], "")
        off = bestOf(rowNames[i], "off")
        on = bestOf(rowNames[i], "on")
        if (peer == "") continue
        printf "%-10s %-10s", rowNames[i], substr(peer, 2)
        if (off != "") printf " %.3f %s;", ratio(rowNames[i], off, peer, 1), off
        if (on != "") printf " %.3f %s", ratio(rowNames[i], on, peer, 1), on
        printf "\n"
    }
}

function printJson(    i, j, k, aRow, variant, peer, first) {
    printf "{\"benchmark\":\"servers\",\"rounds\":%d,\"seconds\":%d,\"processors\":%d,\"rows\":{", rounds, seconds, processors
    for (i = 1; i <= rowCount; ++i) {
        aRow = rowNames[i]
        printf "%s\"%s\":{", (i > 1 ? "," : ""), aRow
        for (j = 1; j <= variantCount[aRow]; ++j) {
            variant = variants[aRow, j]
            printf "%s\"%s\":{\"requestsPerSecond\":%s,\"p99Microseconds\":%s,\"cpuSecondsPerThousand\":%s,\"toPeers\":{", \
                (j > 1 ? "," : ""), (variant ~ /^:/ ? substr(variant, 2) : variant), medianOf(aRow, variant, 1), \
                medianOf(aRow, variant, 2), medianOf(aRow, variant, 3)
            first = 1
            for (k = 1; k <= variantCount[aRow]; ++k) {
                peer = variants[aRow, k]
                if (peer !~ /^:/) continue
                printf "%s\"%s\":%.4f", (first ? "" : ","), substr(peer, 2), ratio(aRow, variant, peer, 1)
                first = 0
            }
            printf "}}"
        }
        printf "}"
    }
    printf "}}\n"
}

END {
    if (json) printJson()
    else if (best) printBest()
    else if (rowCount > 0) printRow(rowNames[1])
}
