#!/bin/sh
# Makes docs/gallery.md and its pictures: docs/gallery.sh [PATH OF geoip]
#
# The addresses are drawn at random with a fixed seed, so that the pictures are the same
# each time; some networks are drawn more often than others, as in a log. Needs python3.
set -eu
cd "$(dirname "$0")"
geoip=${1:-geoip}
folder=images/gallery
mkdir -p $folder
addresses=$(mktemp)
trap 'rm -f "$addresses"' EXIT
python3 - > "$addresses" <<'END'
import random
draw = random.Random(6)
busy = [draw.getrandbits(32) for _ in range(300)]
for _ in range(40000):
    number = draw.getrandbits(32)
    if draw.random() < 0.3:
        number = draw.choice(busy) ^ draw.getrandbits(10)
    print(".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0)))
END

page=gallery.md
cat > $page <<'END'
# Gallery

Every picture here is made by one script, [`docs/gallery.sh`](gallery.sh), from 40,000
addresses drawn at random, some networks more often than others. The command below each
picture is the one that made it, but for `--width 800`, with `addresses` for that file.
What the pictures mean is told in [maps](maps.md).
END

# picture NAME HEADING ARGUMENTS...
picture() {
  name=$1 heading=$2
  shift 2
  "$geoip" map -q -o "$folder/$name" --width 800 "$@" "$addresses"
  line="geoip map -o $name"
  for argument in "$@"; do
    case $argument in
      *[\ \#]*) line="$line '$argument'" ;;
      *) line="$line $argument" ;;
    esac
  done
  printf '\n## %s\n\n![%s](%s/%s)\n\n```sh\n%s addresses\n```\n' \
    "$heading" "$heading" "$folder" "$name" "$line" >> $page
}

picture heat.png "Heat, by two kernels" --title "Where the addresses are"
picture heat-light.png "Heat on paper, around the data" --title "Europe" --theme light \
  --extent=-12,34,42,71 --country-names
picture globe.png "A globe, turned to most of the data" --title "Around the globe" \
  --projection orthographic --palette viridis
picture hexagons.png "Hexagons" --title "Counted in hexagons" --bins hexagons:250km \
  --palette magma
picture points.png "Points by country, the largest named" --title "By country" \
  --layer points --color-by country --labels 25 --merge 8
picture lakes.png "Lakes, countries and the largest places named" --title "East Africa" \
  --layer points --extent=22,-15,52,16 --labels 8 --country-names
picture crosses.png "Crosses, in the Natural Earth projection" --title "Crosses" \
  --layer points --mark cross --theme light --projection natural-earth
picture countries.png "Countries, with a table" --title "Addresses by country" \
  --layer choropleth --theme light --table 12
picture jenks.png "Countries by natural breaks" --title "Natural breaks" \
  --layer choropleth --classes jenks --palette plasma
picture groups.png "Groups of places within 300 miles" --title "Groups" --layer heat \
  --layer groups --top 25 --palette greys
picture arcs.png "Arcs to a home" --title "To Reykjavík" --layer arcs \
  --home 64.15,-21.94 --home-name Reykjavík --projection azimuthal-equal-area \
  --center 64.15,-21.94
picture japan.png "A country" --title "Japan" --extent JP --layer heat --layer points \
  --labels 12 --theme light --palette ylgnbu
picture arctic.png "Around a pole" --title "Around the Arctic" --extent=-180,48,180,90 \
  --palette fire
