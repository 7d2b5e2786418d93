/* The countries and territories of the world's numbering plan. */
#include <stdio.h>
#include <string.h>

#include "country.h"
#include "text.h"

/* So many that they would hide the row. */
#define CANADA "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 " \
	"387 403 416 418 428 431 437 438 450 460 468 474 506 514 519 537 548 " \
	"579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 " \
	"807 819 825 867 873 879 902 905 942"

static const struct country countries[] = {
	{ "AC", "Ascension Island", "247", "", "", "00", 5, 5 },
	{ "AD", "Andorra", "376", "", "", "00", 6, 9 },
	{ "AE", "United Arab Emirates", "971", "", "0", "00", 8, 9 },
	{ "AF", "Afghanistan", "93", "", "0", "00", 9, 9 },
	{ "AG", "Antigua and Barbuda", "1", "268", "1", "011", 10, 10 },
	{ "AI", "Anguilla", "1", "264", "1", "011", 10, 10 },
	{ "AL", "Albania", "355", "", "0", "00", 8, 9 },
	{ "AM", "Armenia", "374", "", "0", "00", 8, 8 },
	{ "AO", "Angola", "244", "", "", "00", 9, 9 },
	{ "AR", "Argentina", "54", "", "0", "00", 10, 11 },
	{ "AS", "American Samoa", "1", "684", "1", "011", 10, 10 },
	{ "AT", "Austria", "43", "", "0", "00", 5, 13 },
	{ "AU", "Australia", "61", "", "0", "0011", 9, 9 },
	{ "AW", "Aruba", "297", "", "", "00", 7, 7 },
	{ "AX", "Aland Islands", "358", "18", "0", "00 990 994 999", 6, 10 },
	{ "AZ", "Azerbaijan", "994", "", "0", "00", 9, 9 },
	{ "BA", "Bosnia and Herzegovina", "387", "", "0", "00", 8, 9 },
	{ "BB", "Barbados", "1", "246", "1", "011", 10, 10 },
	{ "BD", "Bangladesh", "880", "", "0", "00", 8, 10 },
	{ "BE", "Belgium", "32", "", "0", "00", 8, 9 },
	{ "BF", "Burkina Faso", "226", "", "", "00", 8, 8 },
	{ "BG", "Bulgaria", "359", "", "0", "00", 7, 9 },
	{ "BH", "Bahrain", "973", "", "", "00", 8, 8 },
	{ "BI", "Burundi", "257", "", "", "00", 8, 8 },
	{ "BJ", "Benin", "229", "", "", "00", 10, 10 },
	{ "BL", "Saint Barthelemy", "590", "59027", "0", "00", 9, 9 },
	{ "BM", "Bermuda", "1", "441", "1", "011", 10, 10 },
	{ "BN", "Brunei", "673", "", "", "00", 7, 7 },
	{ "BO", "Bolivia", "591", "", "0", "00", 8, 8 },
	{ "BQ", "Caribbean Netherlands", "599", "3 4 7", "", "00", 7, 7 },
	{ "BR", "Brazil", "55", "", "0", "00", 10, 11 },
	{ "BS", "Bahamas", "1", "242", "1", "011", 10, 10 },
	{ "BT", "Bhutan", "975", "", "", "00", 7, 8 },
	{ "BW", "Botswana", "267", "", "", "00", 7, 8 },
	{ "BY", "Belarus", "375", "", "80 0", "810", 9, 9 },
	{ "BZ", "Belize", "501", "", "", "00", 7, 7 },
	{ "CA", "Canada", "1", CANADA, "1", "011", 10, 10 },
	{ "CC", "Cocos (Keeling) Islands", "61", "89162", "0", "0011", 9, 9 },
	{ "CD", "Congo (Democratic Republic)", "243", "", "0", "00", 7, 9 },
	{ "CF", "Central African Republic", "236", "", "", "00", 8, 8 },
	{ "CG", "Congo (Republic)", "242", "", "", "00", 9, 9 },
	{ "CH", "Switzerland", "41", "", "0", "00", 9, 9 },
	{ "CI", "Cote d'Ivoire", "225", "", "", "00", 10, 10 },
	{ "CK", "Cook Islands", "682", "", "", "00", 5, 5 },
	{ "CL", "Chile", "56", "", "", "00", 9, 9 },
	{ "CM", "Cameroon", "237", "", "", "00", 9, 9 },
	{ "CN", "China", "86", "", "0", "00", 10, 11 },
	{ "CO", "Colombia", "57", "", "", "00 005 007 009", 10, 10 },
	{ "CR", "Costa Rica", "506", "", "", "00", 8, 8 },
	{ "CU", "Cuba", "53", "", "0", "119", 8, 8 },
	{ "CV", "Cape Verde", "238", "", "", "00", 7, 7 },
	{ "CW", "Curacao", "599", "", "", "00", 7, 8 },
	{ "CX", "Christmas Island", "61", "89164", "0", "0011", 9, 9 },
	{ "CY", "Cyprus", "357", "", "", "00", 8, 8 },
	{ "CZ", "Czechia", "420", "", "", "00", 9, 9 },
	{ "DE", "Germany", "49", "", "0", "00", 5, 13 },
	{ "DJ", "Djibouti", "253", "", "", "00", 8, 8 },
	{ "DK", "Denmark", "45", "", "", "00", 8, 8 },
	{ "DM", "Dominica", "1", "767", "1", "011", 10, 10 },
	{ "DO", "Dominican Republic", "1", "809 829 849", "1", "011", 10, 10 },
	{ "DZ", "Algeria", "213", "", "0", "00", 8, 9 },
	{ "EC", "Ecuador", "593", "", "0", "00", 8, 9 },
	{ "EE", "Estonia", "372", "", "", "00", 7, 8 },
	{ "EG", "Egypt", "20", "", "0", "00", 8, 10 },
	{ "EH", "Western Sahara", "212", "5288 5289", "0", "00", 9, 9 },
	{ "ER", "Eritrea", "291", "", "0", "00", 7, 7 },
	{ "ES", "Spain", "34", "", "", "00", 9, 9 },
	{ "ET", "Ethiopia", "251", "", "0", "00", 9, 9 },
	{ "FI", "Finland", "358", "", "0", "00 990 994 999", 5, 10 },
	{ "FJ", "Fiji", "679", "", "", "00 052", 7, 7 },
	{ "FK", "Falkland Islands", "500", "", "", "00", 5, 5 },
	{ "FM", "Micronesia", "691", "", "", "00", 7, 7 },
	{ "FO", "Faroe Islands", "298", "", "", "00", 6, 6 },
	{ "FR", "France", "33", "", "0", "00", 9, 9 },
	{ "GA", "Gabon", "241", "", "0", "00", 7, 8 },
	{ "GB", "United Kingdom", "44", "", "0", "00", 9, 10 },
	{ "GD", "Grenada", "1", "473", "1", "011", 10, 10 },
	{ "GE", "Georgia", "995", "", "0", "00", 9, 9 },
	{ "GF", "French Guiana", "594", "", "0", "00", 9, 9 },
	{ "GG", "Guernsey", "44", "1481 7781 7839 79111 79117", "0", "00", 10,
	    10 },
	{ "GH", "Ghana", "233", "", "0", "00", 9, 9 },
	{ "GI", "Gibraltar", "350", "", "", "00", 8, 8 },
	{ "GL", "Greenland", "299", "", "", "00", 6, 6 },
	{ "GM", "Gambia", "220", "", "", "00", 7, 7 },
	{ "GN", "Guinea", "224", "", "", "00", 8, 9 },
	{ "GP", "Guadeloupe", "590", "", "0", "00", 9, 9 },
	{ "GQ", "Equatorial Guinea", "240", "", "", "00", 9, 9 },
	{ "GR", "Greece", "30", "", "", "00", 10, 10 },
	{ "GT", "Guatemala", "502", "", "", "00", 8, 8 },
	{ "GU", "Guam", "1", "671", "1", "011", 10, 10 },
	{ "GW", "Guinea-Bissau", "245", "", "", "00", 9, 9 },
	{ "GY", "Guyana", "592", "", "", "001", 7, 7 },
	{ "HK", "Hong Kong", "852", "", "", "001", 8, 8 },
	{ "HN", "Honduras", "504", "", "", "00", 8, 8 },
	{ "HR", "Croatia", "385", "", "0", "00", 8, 9 },
	{ "HT", "Haiti", "509", "", "", "00", 8, 8 },
	{ "HU", "Hungary", "36", "", "06", "00", 8, 9 },
	{ "ID", "Indonesia", "62", "", "0", "001 007 008 009", 7, 12 },
	{ "IE", "Ireland", "353", "", "0", "00", 7, 10 },
	{ "IL", "Israel", "972", "", "0", "00 012 013 014 018", 8, 9 },
	{ "IM", "Isle of Man", "44", "1624 7524 7624 7924 74576", "0", "00", 10,
	    10 },
	{ "IN", "India", "91", "", "0", "00", 10, 10 },
	{ "IO", "British Indian Ocean Territory", "246", "", "", "00", 7, 7 },
	{ "IQ", "Iraq", "964", "", "0", "00", 8, 10 },
	{ "IR", "Iran", "98", "", "0", "00", 10, 10 },
	{ "IS", "Iceland", "354", "", "", "00", 7, 9 },
	{ "IT", "Italy", "39", "", "", "00", 6, 11 },
	{ "JE", "Jersey", "44", "1534 7509 77003 77007 77008 7797 7829 7937",
	    "0", "00", 10, 10 },
	{ "JM", "Jamaica", "1", "658 876", "1", "011", 10, 10 },
	{ "JO", "Jordan", "962", "", "0", "00", 8, 9 },
	{ "JP", "Japan", "81", "", "0", "010", 9, 10 },
	{ "KE", "Kenya", "254", "", "0", "000", 7, 9 },
	{ "KG", "Kyrgyzstan", "996", "", "0", "00", 9, 9 },
	{ "KH", "Cambodia", "855", "", "0", "001 007 008", 8, 9 },
	{ "KI", "Kiribati", "686", "", "", "00", 5, 8 },
	{ "KM", "Comoros", "269", "", "", "00", 7, 7 },
	{ "KN", "Saint Kitts and Nevis", "1", "869", "1", "011", 10, 10 },
	{ "KP", "North Korea", "850", "", "0", "00 99", 8, 10 },
	{ "KR", "South Korea", "82", "", "0", "001 002 005 006 008 00700", 8,
	    10 },
	{ "KW", "Kuwait", "965", "", "", "00", 8, 8 },
	{ "KY", "Cayman Islands", "1", "345", "1", "011", 10, 10 },
	{ "KZ", "Kazakhstan", "7", "6 7", "8", "810", 10, 10 },
	{ "LA", "Laos", "856", "", "0", "00", 8, 10 },
	{ "LB", "Lebanon", "961", "", "0", "00", 7, 8 },
	{ "LC", "Saint Lucia", "1", "758", "1", "011", 10, 10 },
	{ "LI", "Liechtenstein", "423", "", "", "00", 7, 9 },
	{ "LK", "Sri Lanka", "94", "", "0", "00", 9, 9 },
	{ "LR", "Liberia", "231", "", "0", "00", 7, 9 },
	{ "LS", "Lesotho", "266", "", "", "00", 8, 8 },
	{ "LT", "Lithuania", "370", "", "0 8", "00", 8, 8 },
	{ "LU", "Luxembourg", "352", "", "", "00", 4, 11 },
	{ "LV", "Latvia", "371", "", "", "00", 8, 8 },
	{ "LY", "Libya", "218", "", "0", "00", 9, 9 },
	{ "MA", "Morocco", "212", "", "0", "00", 9, 9 },
	{ "MC", "Monaco", "377", "", "", "00", 8, 9 },
	{ "MD", "Moldova", "373", "", "0", "00", 8, 8 },
	{ "ME", "Montenegro", "382", "", "0", "00", 8, 8 },
	{ "MF", "Saint Martin", "590", "59087", "0", "00", 9, 9 },
	{ "MG", "Madagascar", "261", "", "0", "00", 9, 9 },
	{ "MH", "Marshall Islands", "692", "", "1", "011", 7, 7 },
	{ "MK", "North Macedonia", "389", "", "0", "00", 8, 8 },
	{ "ML", "Mali", "223", "", "", "00", 8, 8 },
	{ "MM", "Myanmar", "95", "", "0", "00", 7, 10 },
	{ "MN", "Mongolia", "976", "", "0", "001", 8, 10 },
	{ "MO", "Macao", "853", "", "", "00", 8, 8 },
	{ "MP", "Northern Mariana Islands", "1", "670", "1", "011", 10, 10 },
	{ "MQ", "Martinique", "596", "", "0", "00", 9, 9 },
	{ "MR", "Mauritania", "222", "", "", "00", 8, 8 },
	{ "MS", "Montserrat", "1", "664", "1", "011", 10, 10 },
	{ "MT", "Malta", "356", "", "", "00", 8, 8 },
	{ "MU", "Mauritius", "230", "", "", "00 020", 7, 8 },
	{ "MV", "Maldives", "960", "", "", "00", 7, 7 },
	{ "MW", "Malawi", "265", "", "0", "00", 7, 9 },
	{ "MX", "Mexico", "52", "", "", "00", 10, 10 },
	{ "MY", "Malaysia", "60", "", "0", "00", 8, 10 },
	{ "MZ", "Mozambique", "258", "", "", "00", 8, 9 },
	{ "NA", "Namibia", "264", "", "0", "00", 8, 9 },
	{ "NC", "New Caledonia", "687", "", "", "00", 6, 6 },
	{ "NE", "Niger", "227", "", "", "00", 8, 8 },
	{ "NF", "Norfolk Island", "672", "", "", "00", 6, 6 },
	{ "NG", "Nigeria", "234", "", "0", "009", 8, 10 },
	{ "NI", "Nicaragua", "505", "", "", "00", 8, 8 },
	{ "NL", "Netherlands", "31", "", "0", "00", 9, 9 },
	{ "NO", "Norway", "47", "", "", "00", 8, 8 },
	{ "NP", "Nepal", "977", "", "0", "00", 8, 10 },
	{ "NR", "Nauru", "674", "", "", "00", 7, 7 },
	{ "NU", "Niue", "683", "", "", "00", 4, 7 },
	{ "NZ", "New Zealand", "64", "", "0", "00", 8, 10 },
	{ "OM", "Oman", "968", "", "", "00", 8, 8 },
	{ "PA", "Panama", "507", "", "", "00", 7, 8 },
	{ "PE", "Peru", "51", "", "0", "00", 8, 9 },
	{ "PF", "French Polynesia", "689", "", "", "00", 8, 8 },
	{ "PG", "Papua New Guinea", "675", "", "", "00", 7, 8 },
	{ "PH", "Philippines", "63", "", "0", "00", 8, 10 },
	{ "PK", "Pakistan", "92", "", "0", "00", 9, 10 },
	{ "PL", "Poland", "48", "", "", "00", 9, 9 },
	{ "PM", "Saint Pierre and Miquelon", "508", "", "0", "00", 6, 6 },
	{ "PR", "Puerto Rico", "1", "787 939", "1", "011", 10, 10 },
	{ "PS", "Palestine", "970", "", "0", "00", 8, 9 },
	{ "PT", "Portugal", "351", "", "", "00", 9, 9 },
	{ "PW", "Palau", "680", "", "", "011", 7, 7 },
	{ "PY", "Paraguay", "595", "", "0", "00", 7, 9 },
	{ "QA", "Qatar", "974", "", "", "00", 8, 8 },
	{ "RE", "Reunion", "262", "", "0", "00", 9, 9 },
	{ "RO", "Romania", "40", "", "0", "00", 9, 9 },
	{ "RS", "Serbia", "381", "", "0", "00", 7, 10 },
	{ "RU", "Russia", "7", "", "8", "810", 10, 10 },
	{ "RW", "Rwanda", "250", "", "0", "00", 8, 9 },
	{ "SA", "Saudi Arabia", "966", "", "0", "00", 9, 9 },
	{ "SB", "Solomon Islands", "677", "", "", "00", 5, 7 },
	{ "SC", "Seychelles", "248", "", "", "00", 7, 7 },
	{ "SD", "Sudan", "249", "", "0", "00", 9, 9 },
	{ "SE", "Sweden", "46", "", "0", "00", 7, 9 },
	{ "SG", "Singapore", "65", "", "", "001 002 008 018 019", 8, 8 },
	{ "SH", "Saint Helena", "290", "", "", "00", 4, 5 },
	{ "SI", "Slovenia", "386", "", "0", "00", 8, 8 },
	{ "SJ", "Svalbard and Jan Mayen", "47", "79", "", "00", 8, 8 },
	{ "SK", "Slovakia", "421", "", "0", "00", 9, 9 },
	{ "SL", "Sierra Leone", "232", "", "0", "00", 8, 8 },
	{ "SM", "San Marino", "378", "", "", "00", 6, 10 },
	{ "SN", "Senegal", "221", "", "", "00", 9, 9 },
	{ "SO", "Somalia", "252", "", "0", "00", 7, 9 },
	{ "SR", "Suriname", "597", "", "", "00", 6, 7 },
	{ "SS", "South Sudan", "211", "", "0", "00", 9, 9 },
	{ "ST", "Sao Tome and Principe", "239", "", "", "00", 7, 7 },
	{ "SV", "El Salvador", "503", "", "", "00", 8, 8 },
	{ "SX", "Sint Maarten", "1", "721", "1", "011", 10, 10 },
	{ "SY", "Syria", "963", "", "0", "00", 8, 9 },
	{ "SZ", "Eswatini", "268", "", "", "00", 8, 8 },
	{ "TA", "Tristan da Cunha", "290", "8", "", "00", 4, 4 },
	{ "TC", "Turks and Caicos Islands", "1", "649", "1", "011", 10, 10 },
	{ "TD", "Chad", "235", "", "", "00", 8, 8 },
	{ "TG", "Togo", "228", "", "", "00", 8, 8 },
	{ "TH", "Thailand", "66", "", "0", "001 004 005 006 007 008 009", 8,
	    9 },
	{ "TJ", "Tajikistan", "992", "", "", "810", 9, 9 },
	{ "TK", "Tokelau", "690", "", "", "00", 4, 7 },
	{ "TL", "Timor-Leste", "670", "", "", "00", 7, 8 },
	{ "TM", "Turkmenistan", "993", "", "8", "810", 8, 8 },
	{ "TN", "Tunisia", "216", "", "", "00", 8, 8 },
	{ "TO", "Tonga", "676", "", "", "00", 5, 7 },
	{ "TR", "Turkiye", "90", "", "0", "00", 10, 10 },
	{ "TT", "Trinidad and Tobago", "1", "868", "1", "011", 10, 10 },
	{ "TV", "Tuvalu", "688", "", "", "00", 5, 7 },
	{ "TW", "Taiwan", "886", "", "0", "002 005 006 007 009", 8, 9 },
	{ "TZ", "Tanzania", "255", "", "0", "000 005 006", 9, 9 },
	{ "UA", "Ukraine", "380", "", "0", "00", 9, 9 },
	{ "UG", "Uganda", "256", "", "0", "000 005 007", 9, 9 },
	{ "US", "United States", "1", "", "1", "011", 10, 10 },
	{ "UY", "Uruguay", "598", "", "0", "00", 8, 8 },
	{ "UZ", "Uzbekistan", "998", "", "", "00", 9, 9 },
	{ "VA", "Vatican City", "39", "06698", "", "00", 10, 10 },
	{ "VC", "Saint Vincent and the Grenadines", "1", "784", "1", "011", 10,
	    10 },
	{ "VE", "Venezuela", "58", "", "0", "00", 10, 10 },
	{ "VG", "British Virgin Islands", "1", "284", "1", "011", 10, 10 },
	{ "VI", "US Virgin Islands", "1", "340", "1", "011", 10, 10 },
	{ "VN", "Vietnam", "84", "", "0", "00", 9, 10 },
	{ "VU", "Vanuatu", "678", "", "", "00", 5, 7 },
	{ "WF", "Wallis and Futuna", "681", "", "", "00", 6, 6 },
	{ "WS", "Samoa", "685", "", "", "00", 5, 7 },
	{ "XK", "Kosovo", "383", "", "0", "00", 8, 9 },
	{ "YE", "Yemen", "967", "", "0", "00", 7, 9 },
	{ "YT", "Mayotte", "262", "269 63", "0", "00", 9, 9 },
	{ "ZA", "South Africa", "27", "", "0", "00", 9, 9 },
	{ "ZM", "Zambia", "260", "", "0", "00", 9, 9 },
	{ "ZW", "Zimbabwe", "263", "", "0", "00", 7, 10 },
};

#define COUNTRIES (sizeof(countries) / sizeof(*countries))

/* Names in use beside the one above. */
static const struct {
	const char *name, *iso;
} aliases[] = {
	{ "America", "US" }, { "Britain", "GB" }, { "Burma", "MM" },
	{ "Cabo Verde", "CV" }, { "Czech Republic", "CZ" },
	{ "DR Congo", "CD" }, { "East Timor", "TL" },
	{ "England", "GB" }, { "Great Britain", "GB" }, { "Holland", "NL" },
	{ "Ivory Coast", "CI" }, { "Korea", "KR" }, { "Macau", "MO" },
	{ "Macedonia", "MK" }, { "Northern Ireland", "GB" },
	{ "Russian Federation", "RU" }, { "Scotland", "GB" },
	{ "Swaziland", "SZ" }, { "The Netherlands", "NL" }, { "Turkey", "TR" },
	{ "UAE", "AE" }, { "UK", "GB" }, { "USA", "US" },
	{ "United States of America", "US" }, { "Vatican", "VA" },
	{ "Viet Nam", "VN" }, { "Wales", "GB" }, { "日本", "JP" },
};

const struct country *
country_at(size_t i)
{
	return i < COUNTRIES ? &countries[i] : NULL;
}

const struct country *
country_of(const char *digits)
{
	const struct country *found = NULL;

	for (const struct country *c = countries; c < countries + COUNTRIES;
	    c++) {
		size_t len = strlen(c->code);

		if (strncmp(digits, c->code, len))
			continue;
		if (text_leading_word(digits + len, c->areas) > 0)
			return c;
		if (*c->areas == '\0')
			found = c;
	}
	return found;
}

/* "+1 242" and "1242": whose are the numbers that begin so, and no longer? */
static const struct country *
find_code(const char *typed)
{
	char digits[COUNTRY_TITLE_MAX + 1];
	const struct country *c;
	size_t n = 0, len;

	for (const char *p = typed + (*typed == '+'); *p; p++) {
		if (n + 1 == sizeof(digits) ||
		    (!text_is_digit(*p) && *p != ' ' && *p != '-'))
			return NULL;
		if (text_is_digit(*p))
			digits[n++] = *p;
	}
	digits[n] = '\0';
	if ((c = country_of(digits)) == NULL)
		return NULL;
	len = strlen(c->code);
	return n == len + text_leading_word(digits + len, c->areas) ? c : NULL;
}

static const struct country *
find_iso(const char *iso)
{
	for (size_t i = 0; i < COUNTRIES; i++)
		if (text_case_equal(iso, countries[i].iso))
			return &countries[i];
	return NULL;
}

const struct country *
country_find(const char *typed)
{
	char title[COUNTRY_TITLE_MAX + 1];
	const struct country *found;

	if ((found = find_iso(typed)) != NULL ||
	    (found = find_code(typed)) != NULL)
		return found;
	for (size_t i = 0; i < COUNTRIES; i++)
		if (text_case_equal(typed, countries[i].name) ||
		    text_case_equal(typed, country_title(title, &countries[i],
		    LANGUAGE_EN)))
			return &countries[i];
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (text_case_equal(typed, aliases[i].name))
			return find_iso(aliases[i].iso);
	return NULL;
}

const struct country *
country_nearest(const char *wrong)
{
	const char *names[COUNTRIES + 1], *nearest;
	size_t n;

	for (n = 0; n < COUNTRIES; n++)
		names[n] = countries[n].name;
	names[n] = NULL;
	nearest = text_nearest(wrong, names);
	return nearest != NULL ? country_find(nearest) : NULL;
}
